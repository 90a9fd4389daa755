// SPDX-License-Identifier: MIT

/// What a request line and the framing fields say; the fields themselves stay in the parser.
public struct RequestHead: Sendable, Hashable {
    public let method: HTTPMethod
    public let version: HTTPVersion
    /// The path without the query; empty for `*` and for an absolute target without a path, which both mean the root.
    public let path: ByteRange
    /// What follows the question mark; empty without one.
    public let query: ByteRange
    public let framing: BodyFraming
    /// Whether the client expects to send another request on this connection.
    public let keepsAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body.
    public let expectsContinue: Bool
    /// Bytes from the first one to the empty line, both included.
    public let length: Int
}
