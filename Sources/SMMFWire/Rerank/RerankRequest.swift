// SPDX-License-Identifier: MIT

/// Documents to be ordered by how well they answer a query.
public struct RerankRequest: Sendable, Hashable {
    public var model: String
    public var query: String
    public var documents: [String]
    /// How many results are wanted at most; nil is all.
    public var limit: Int?
    /// Whether results repeat their documents.
    public var returnsDocuments: Bool
    /// Members that are not part of every dialect.
    public var extra: JSONObject

    /// Creates a request.
    public init(
        model: String,
        query: String,
        documents: [String],
        limit: Int? = nil,
        returnsDocuments: Bool = false,
        extra: JSONObject = [:]
    ) {
        self.model = model
        self.query = query
        self.documents = documents
        self.limit = limit
        self.returnsDocuments = returnsDocuments
        self.extra = extra
    }
}
