// SPDX-License-Identifier: MIT

import Synchronization

/// Until when an instance gets no requests, because it said so: a provider's key that has reached its limit, or that is
/// refused. Shared by all event loops and kept across routing tables.
public final class InstanceRest: Sendable {
    /// Why it rests.
    public enum Reason: UInt8, Sendable, Hashable, CaseIterable {
        case none
        /// Too much in too short a time.
        case limited
        /// Nothing is left of the account's money or quota.
        case exhausted
        /// The key is unknown, revoked, or may not do this.
        case refused
    }

    private let until = Atomic<UInt64>(0)
    private let word = Atomic<UInt8>(0)
    private let rests = Atomic<Int>(0)

    /// Creates an instance that does not rest.
    public init() {}

    /// Whether it rests at `now`, in monotonic nanoseconds.
    public func rests(at now: UInt64) -> Bool { until.load(ordering: .relaxed) > now }

    /// Lets it rest until a moment in monotonic nanoseconds.
    public func rest(until moment: UInt64, _ reason: Reason) {
        word.store(reason.rawValue, ordering: .relaxed)
        until.store(moment, ordering: .relaxed)
        rests.wrappingAdd(1, ordering: .relaxed)
    }

    /// It answered.
    public func wake() {
        guard until.load(ordering: .relaxed) > 0 else { return }
        until.store(0, ordering: .relaxed)
        word.store(0, ordering: .relaxed)
    }

    /// Why it rests, or rested last.
    public var reason: Reason { Reason(rawValue: word.load(ordering: .relaxed)) ?? .none }

    /// How many nanoseconds it still rests at `now`.
    public func left(at now: UInt64) -> UInt64 {
        let moment = until.load(ordering: .relaxed)
        return moment > now ? moment - now : 0
    }

    /// How often it was sent to rest.
    public var count: Int { rests.load(ordering: .relaxed) }
}
