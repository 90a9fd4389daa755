// SPDX-License-Identifier: MIT

/// Keeps requests away from an instance that just failed, and lets one through now and then to see.
///
/// `now` is monotonic time since any fixed moment. Only failures before the first byte count: connection refused,
/// reset, no answer, or an answer that blames the instance.
public struct CircuitBreaker: Sendable, Hashable {
    private enum State: Sendable, Hashable {
        case closed
        case open(until: Duration)
        case halfOpen(probeExpires: Duration)
    }

    private var state = State.closed
    private var failuresInARow = 0

    /// The first pause after a failure; doubles up to ``longestPause``.
    public static let firstPause: Duration = .milliseconds(200)
    public static let longestPause: Duration = .seconds(10)
    /// A probe that reports nothing for this long is forgotten, and another may go.
    public static let probeLifetime: Duration = .seconds(30)

    /// Creates a closed breaker.
    public init() {}

    /// Whether a request may be sent now; does not change anything.
    public func allows(at now: Duration) -> Bool {
        switch state {
        case .closed: true
        case .open(let until): now >= until
        case .halfOpen(let expires): now >= expires
        }
    }

    /// A request was sent; an open breaker whose pause is over now waits for its outcome.
    public mutating func sent(at now: Duration) {
        if case .closed = state { return }
        state = .halfOpen(probeExpires: now + Self.probeLifetime)
    }

    /// The instance answered.
    public mutating func succeeded() {
        state = .closed
        failuresInARow = 0
    }

    /// The instance failed before its first byte.
    public mutating func failed(at now: Duration) {
        failuresInARow += 1
        let doublings = min(failuresInARow - 1, 10)
        state = .open(until: now + min(Self.firstPause * (1 << doublings), Self.longestPause))
    }
}
