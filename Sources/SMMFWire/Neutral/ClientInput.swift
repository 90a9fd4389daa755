// SPDX-License-Identifier: MIT

/// A client's request as a reader of its dialect gets it.
public struct ClientInput: Sendable {
    /// The path without its query; some dialects put the model there.
    public var path: String
    public var query: String
    public var body: JSONTree
    /// Who asks, where keys are asked for: the key's id.
    public var owner: String?

    /// Creates an input.
    public init(path: String = "", query: String = "", body: JSONTree) {
        self.path = path
        self.query = query
        self.body = body
    }

    /// Creates an input from the body's bytes; throws what is wrong with them.
    public init(
        path: String = "",
        query: String = "",
        bytes: Span<UInt8>,
        limits: JSONTree.Limits = JSONTree.Limits()
    ) throws(TranslationRefusal) {
        do throws(JSONProblem) {
            self.init(path: path, query: query, body: try JSONTree(bytes, limits: limits))
        } catch {
            throw TranslationRefusal(error.message)
        }
    }
}
