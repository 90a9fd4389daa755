// SPDX-License-Identifier: MIT

import SMMFCore
import Synchronization

/// A rate that holds for all event loops of the process at once, as one number without a lock: the moment at which
/// everything taken so far has been earned back (the "theoretical arrival time" of the generic cell rate algorithm).
///
/// It lets a minute's worth through at once and then refills evenly. Who may take how much is decided by one
/// compare-and-exchange, so two loops can never both get the last unit.
///
/// `now` is nanoseconds since any fixed moment; `limit` is units a minute, from 1 to ``KeyLimits/greatest``.
struct RateBucket: ~Copyable, Sendable {
    /// What an attempt to take came to.
    enum Outcome: Sendable, Hashable {
        case taken
        /// There will be enough after this many nanoseconds, if nobody else takes it.
        case later(UInt64)
        /// More was asked for than a full bucket holds.
        case never
    }

    /// What a client is told about its rate.
    struct Level: Sendable, Hashable {
        /// Units that can be taken now.
        var remaining: Int
        /// Nanoseconds until the bucket is full.
        var fullAfter: UInt64
    }

    static let minute: UInt64 = 60_000_000_000
    /// A bucket is never further in debt: an upstream that claims absurd usage must not lock a key for ever.
    static let longestDebt = 60 * minute

    private let earnedBack = Atomic<UInt64>(0)

    /// Takes `count` units, or none.
    func take(_ count: Int, limit: Int, at now: UInt64) -> Outcome {
        guard count <= limit else { return .never }
        let cost = Self.time(count, limit)
        var current = earnedBack.load(ordering: .relaxed)
        while true {
            let next = max(current, now) &+ cost
            if next &- now > Self.minute { return .later(next &- now &- Self.minute) }
            let (done, seen) = earnedBack.weakCompareExchange(expected: current, desired: next, ordering: .relaxed)
            if done { return .taken }
            current = seen
        }
    }

    /// Takes `count` units that are used already, whether they are there or not.
    func charge(_ count: Int, limit: Int, at now: UInt64) {
        let cost = Self.time(count, limit)
        change { current in max(current, min(max(current, now) &+ cost, now &+ Self.longestDebt)) }
    }

    /// Puts back `count` units that were taken and not used.
    func giveBack(_ count: Int, limit: Int) {
        let cost = Self.time(count, limit)
        change { current in current < cost ? 0 : current &- cost }
    }

    func level(limit: Int, at now: UInt64) -> Level {
        let current = earnedBack.load(ordering: .relaxed)
        let used = current > now ? current &- now : 0
        let free = used < Self.minute ? Self.minute &- used : 0
        let product = free.multipliedFullWidth(by: UInt64(limit))
        let remaining = Self.minute.dividingFullWidth(product).quotient
        return Level(remaining: Int(remaining), fullAfter: used)
    }

    private func change(_ next: (UInt64) -> UInt64) {
        var current = earnedBack.load(ordering: .relaxed)
        while true {
            let (done, seen) = earnedBack.weakCompareExchange(
                expected: current,
                desired: next(current),
                ordering: .relaxed
            )
            if done { return }
            current = seen
        }
    }

    /// How long it takes to earn `count` units; no longer than the longest debt.
    private static func time(_ count: Int, _ limit: Int) -> UInt64 {
        let counted = UInt64(max(0, count))
        let most = UInt64(max(1, limit)) &* (longestDebt / minute)
        let product = min(counted, most).multipliedFullWidth(by: minute)
        return UInt64(max(1, limit)).dividingFullWidth(product).quotient
    }
}
