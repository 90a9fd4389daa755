// SPDX-License-Identifier: MIT

/// How the bytes of an instance's answer reach the client.
enum AnswerTransfer: Sendable, Hashable {
    /// As they are, framing included.
    case verbatim
    /// In chunks of our own, as the instance marks the end by closing only.
    case chunking
    /// Without the instance's chunks, for an HTTP/1.0 client.
    case unchunking
}
