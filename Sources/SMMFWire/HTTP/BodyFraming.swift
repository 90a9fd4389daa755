// SPDX-License-Identifier: MIT

/// How a message's body is delimited (RFC 9112 section 6).
public enum BodyFraming: Sendable, Hashable {
    /// There is no body.
    case none
    /// Exactly this many bytes.
    case length(Int)
    /// Chunks, up to the last one and its trailer.
    case chunked
    /// Everything up to the end of the connection; responses only.
    case untilClose
}
