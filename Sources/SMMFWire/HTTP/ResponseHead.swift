// SPDX-License-Identifier: MIT

/// What a status line and the framing fields say; the fields themselves stay in the parser.
public struct ResponseHead: Sendable, Hashable {
    /// What the content is, as far as a relay cares.
    public enum Content: Sendable, Hashable {
        case eventStream, json
        /// Another type.
        case opaque
        /// A coding hides the bytes, such as gzip.
        case coded
    }

    public let status: Int
    public let version: HTTPVersion
    /// The reason phrase; may be empty.
    public let reason: ByteRange
    public let framing: BodyFraming
    public let content: Content
    /// Whether the connection may carry another request after the body's end.
    public let keepsAlive: Bool
    /// Bytes from the first one to the empty line, both included.
    public let length: Int

    /// Whether another head follows this one, as after `100 Continue`.
    public var isInterim: Bool { status < 200 }
}
