// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFRouting

@Suite("Rate bucket")
struct RateBucketTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("a minute's worth passes at once, then one for each interval")
    func refill() {
        let bucket = RateBucket()
        let start = 5 * Self.second
        for _ in 0..<60 { #expect(bucket.take(1, limit: 60, at: start) == .taken) }
        #expect(bucket.take(1, limit: 60, at: start) == .later(Self.second))
        #expect(bucket.take(1, limit: 60, at: start + Self.second / 4) == .later(Self.second * 3 / 4))
        #expect(bucket.take(1, limit: 60, at: start + Self.second) == .taken)
        #expect(bucket.take(1, limit: 60, at: start + Self.second) == .later(Self.second))
        #expect(bucket.level(limit: 60, at: start + 61 * Self.second).remaining == 60)
        #expect(bucket.level(limit: 60, at: start + 61 * Self.second).fullAfter == 0)
    }

    @Test("more than a full bucket never passes, and exactly a full one does")
    func never() {
        let bucket = RateBucket()
        #expect(bucket.take(101, limit: 100, at: 0) == .never)
        #expect(bucket.take(100, limit: 100, at: 0) == .taken)
        #expect(bucket.level(limit: 100, at: 0).remaining == 0)
    }

    @Test("the wait that is told is the one after which it passes, to the nanosecond")
    func wait() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            let bucket = RateBucket()
            let limit = Int.random(in: 1...5000, using: &generator)
            let now = UInt64.random(in: 0...(1 << 50), using: &generator)
            while case .taken = bucket.take(Int.random(in: 1...limit, using: &generator), limit: limit, at: now) {}
            let count = Int.random(in: 1...limit, using: &generator)
            guard case .later(let wait) = bucket.take(count, limit: limit, at: now) else { continue }
            #expect(bucket.take(count, limit: limit, at: now + wait - 1) == .later(1))
            #expect(bucket.take(count, limit: limit, at: now + wait) == .taken)
        }
    }

    @Test("what is given back can be taken again, and a charge goes into debt")
    func changes() {
        let bucket = RateBucket()
        let now = 100 * Self.second
        #expect(bucket.take(80, limit: 100, at: now) == .taken)
        bucket.giveBack(50, limit: 100)
        #expect(bucket.level(limit: 100, at: now).remaining == 70)
        bucket.charge(170, limit: 100, at: now)
        #expect(bucket.level(limit: 100, at: now).remaining == 0)
        // 100 units of debt and the one that is asked for.
        #expect(bucket.take(1, limit: 100, at: now) == .later(60 * Self.second + 600_000_000))
    }

    @Test("absurd usage locks a key for an hour at the most")
    func debt() {
        for limit in [1, 7, 1_000_000_000] {
            let bucket = RateBucket()
            for _ in 0..<3 { bucket.charge(Int.max, limit: limit, at: 1000) }
            guard case .later(let wait) = bucket.take(limit, limit: limit, at: 1000) else {
                Issue.record("passed at \(limit)")
                continue
            }
            #expect(wait <= 60 * RateBucket.minute)
            bucket.giveBack(Int.max, limit: limit)
            #expect(bucket.take(limit, limit: limit, at: 1000) == .taken)
        }
    }

    @Test("against a bucket that counts: never more than its level, over any run of events")
    func reference() {
        for seed in 0..<50 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let bucket = RateBucket()
            let limit = Int.random(in: 1...1000, using: &generator)
            var level = Double(limit)
            var now: UInt64 = 0
            for _ in 0..<500 {
                let pause = UInt64.random(in: 0...(2 * Self.second), using: &generator)
                now += pause
                level = min(Double(limit), level + Double(limit) * Double(pause) / 60e9)
                let count = Int.random(in: 1...limit, using: &generator)
                let isTaken = bucket.take(count, limit: limit, at: now) == .taken
                // Rounding is below a thousandth of a unit.
                if isTaken {
                    #expect(Double(count) <= level + 0.001, "seed \(seed)")
                    level -= Double(count)
                } else {
                    #expect(Double(count) >= level - 0.001, "seed \(seed)")
                }
                let told = bucket.level(limit: limit, at: now).remaining
                #expect(abs(Double(told) - level) < 1.001, "seed \(seed)")
            }
        }
    }

    @Test("loops that take at once share one minute's worth")
    func concurrent() async {
        let shared = SharedBucket()
        let taken = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<1000).count { _ in shared.bucket.take(1, limit: 1500, at: 7) == .taken } }
            }
            return await group.reduce(0, +)
        }
        #expect(taken == 1500)
    }

    private final class SharedBucket: Sendable {
        let bucket = RateBucket()
    }
}
