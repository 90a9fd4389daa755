// SPDX-License-Identifier: MIT

/// Why a request did not get a whole and good answer.
enum LoadFailure: Error, Sendable, Hashable {
    /// The connection could not be opened.
    case connect
    /// The connection ended before the answer's head was complete.
    case closed
    /// The answer's framing or head is broken.
    case malformed
    /// A status that is not 200 to 299.
    case status(Int)
    /// An error inside a 200: an event of a stream, or the object instead of an answer.
    case error
    /// A stream that ended without `[DONE]` and without a finish reason, or in the middle of its framing.
    case brokenStream
    /// An answer in one piece that ended before its end.
    case cutOff
    /// An answer without content.
    case empty
    /// A stream was asked for and something else was answered.
    case noStream
    /// It took longer than the plan allows.
    case timeout

    /// The word for reports; no value of a server stands in it but the status.
    var name: String {
        switch self {
        case .connect: "connect failed"
        case .closed: "connection closed"
        case .malformed: "malformed answer"
        case .status(let status): "status \(status)"
        case .error: "error in a 200"
        case .brokenStream: "broken stream"
        case .cutOff: "answer cut off"
        case .empty: "empty answer"
        case .noStream: "no stream"
        case .timeout: "timeout"
        }
    }
}
