// SPDX-License-Identifier: MIT

/// A request in the words of the instance that gets it.
public struct TranslatedRequest: Sendable, Hashable {
    /// The path and query at the instance, behind its endpoint's own path.
    public var path: String
    /// Whole field lines with their ends, beside those that every request has.
    public var fields: [UInt8]
    public var body: [UInt8]

    /// Creates a request.
    public init(path: String, fields: [UInt8] = [], body: [UInt8]) {
        self.path = path
        self.fields = fields
        self.body = body
    }
}
