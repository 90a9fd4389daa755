// SPDX-License-Identifier: MIT

/// Holds tasks until a test lets them go, and tells the test that they have come.
///
/// Put `wait()` where the code under test must stop; the test awaits `wait(untilWaiters:)`, looks, and calls `open()`.
/// No time passes in either.
public final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting = 0
        var passed = 0
    }

    private let room: WaitRoom<State>

    /// Creates a closed gate where at most `limit` tasks may wait at once, the test's own waits included.
    public init(limit: Int = 1_024) {
        room = WaitRoom(State(), limit: limit)
    }

    /// How many tasks have gone through.
    public var passed: Int { room.change { $0.passed } }

    /// How many tasks stand at the gate now.
    public var waiting: Int { room.change { $0.waiting } }

    /// Whether tasks go through without waiting.
    public var isOpen: Bool { room.change { $0.isOpen } }

    /// Returns at once at an open gate, and otherwise when the gate opens.
    ///
    /// Throws `CancellationError` when the task is cancelled meanwhile, ``TooManyWaiters`` at the limit.
    public func wait() async throws {
        try await room.wait {
            $0.waiting += 1
        } leave: {
            $0.waiting -= 1
        } until: { state in
            guard state.isOpen else { return false }
            state.passed += 1
            return true
        }
    }

    /// Lets everybody through who waits or comes later; `passed` counts those who waited already when this returns.
    public func open() {
        room.change { $0.isOpen = true }
    }

    /// Makes the next ones wait again.
    public func close() {
        room.change { $0.isOpen = false }
    }

    /// Returns when at least `count` tasks stand at the gate; tasks that find it open do not count.
    ///
    /// Throws `CancellationError` when the task is cancelled meanwhile, ``TooManyWaiters`` at the limit.
    public func wait(untilWaiters count: Int) async throws {
        try await room.wait { $0.waiting >= count }
    }
}
