// SPDX-License-Identifier: MIT

public import SMMFRouting

/// A request to a local route.
public struct LocalRequest: Sendable {
    /// The path as it was sent, without the query; nothing in it is decoded.
    public var path: String
    /// What followed the question mark.
    public var query: String
    public var body: [UInt8]
    public var requestID: String
    /// The key that it was made with; nil where none was asked for.
    public var key: KeyEntry?
}
