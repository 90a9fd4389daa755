// SPDX-License-Identifier: MIT

/// What a simulated hub does wrong with one answer that would have a file's bytes.
public enum HubFault: Sendable, Hashable {
    /// Drops the connection after so many bytes of the body.
    case cut(after: Int)
    /// Sends so many bytes of the body, and nothing more, on an open connection.
    case stall(after: Int)
    /// Answers with a status, and the seconds to wait where there are any.
    case status(Int, retryAfter: Int? = nil)
    /// Sends the whole file, whatever range was asked for.
    case ignoreRange
    /// Changes the last byte of what it sends.
    case wrongByte
}
