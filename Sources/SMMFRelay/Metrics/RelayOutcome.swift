// SPDX-License-Identifier: MIT

/// How a request to a model ended.
public enum RelayOutcome: Sendable, Hashable {
    /// The whole answer was relayed.
    case completed
    /// The client left.
    case cancelled
    /// The answer broke off after a part of it was sent.
    case broken
    /// No instance answered; the status is our own answer's.
    case failed(status: Int)
    /// The instance answered with this error status, which was relayed.
    case refused(status: Int)
}
