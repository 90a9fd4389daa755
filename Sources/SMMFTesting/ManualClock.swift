// SPDX-License-Identifier: MIT

/// A clock that moves only when a test moves it.
///
/// The code under test sleeps on it as on any `Clock<Duration>`; the test awaits `waitForSleepers(_:)`, so that it knows
/// the sleep has begun, and calls `advance(by:)`.
public final class ManualClock: Clock, Sendable {
    /// A point on this clock: the time since it was created.
    public struct Instant: InstantProtocol, CustomStringConvertible {
        /// How far the clock had been moved in all.
        public let elapsed: Duration

        /// Creates the instant at which the clock has been moved by `elapsed` in all.
        public init(elapsed: Duration = .zero) {
            self.elapsed = elapsed
        }

        /// The instant that is `duration` later.
        public func advanced(by duration: Duration) -> Instant { Instant(elapsed: elapsed + duration) }

        /// The time from this instant to `other`; negative when `other` is earlier.
        public func duration(to other: Instant) -> Duration { other.elapsed - elapsed }

        /// Whether `left` comes before `right`.
        public static func < (left: Instant, right: Instant) -> Bool { left.elapsed < right.elapsed }

        /// The elapsed time, for messages of tests.
        public var description: String { "\(elapsed)" }
    }

    private struct State {
        var now = Instant()
        /// One entry for each sleeping task.
        var deadlines: [Instant] = []
    }

    private let room: WaitRoom<State>

    /// Creates a clock at zero on which at most `limit` tasks may wait at once, the test's own waits included.
    public init(limit: Int = 4_096) {
        room = WaitRoom(State(), limit: limit)
    }

    /// Where the clock stands.
    public var now: Instant { room.change { $0.now } }

    /// The clock is exact.
    public var minimumResolution: Duration { .zero }

    /// How many tasks sleep now.
    public var sleepers: Int { room.change { $0.deadlines.count } }

    /// Sleeps until a test has moved the clock to `deadline`; `tolerance` is not used.
    ///
    /// Throws `CancellationError` when the task is cancelled, ``TooManyWaiters`` at the limit.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        try await room.wait {
            $0.deadlines.append(deadline)
        } leave: { state in
            guard let index = state.deadlines.firstIndex(of: deadline) else { return }
            state.deadlines.remove(at: index)
        } until: {
            $0.now >= deadline
        }
    }

    /// Moves the clock on and wakes the sleepers on the way, the earliest deadline first.
    ///
    /// A woken task runs after this returns; await what it does (its next sleep, a gate, a result) before looking.
    public func advance(by duration: Duration) {
        let target = now.advanced(by: duration)
        while let next = nextDeadline(upTo: target) {
            room.change { $0.now = max($0.now, next) }
        }
        room.change { $0.now = max($0.now, target) }
    }

    /// Returns when at least `count` tasks sleep on this clock.
    ///
    /// Throws `CancellationError` when the task is cancelled, ``TooManyWaiters`` at the limit.
    public func waitForSleepers(_ count: Int) async throws {
        try await room.wait { $0.deadlines.count >= count }
    }

    private func nextDeadline(upTo target: Instant) -> Instant? {
        room.change { $0.deadlines.filter { $0 <= target }.min() }
    }
}
