// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct ManualClockTests {
    @Test func `time stands until it is moved`() async throws {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(for: .seconds(5)) }
        try await clock.waitForSleepers(1)
        #expect(clock.now.elapsed == .zero)
        clock.advance(by: .seconds(4))
        #expect(clock.sleepers == 1)
        clock.advance(by: .seconds(1))
        #expect(clock.sleepers == 0)
        try await sleeper.value
        #expect(clock.now.elapsed == .seconds(5))
    }

    @Test func `each sleeper wakes at its own deadline`() async throws {
        let clock = ManualClock()
        let sleepers = [3, 1, 2].map { seconds in Task { try await clock.sleep(for: .seconds(seconds)) } }
        try await clock.waitForSleepers(3)
        clock.advance(by: .seconds(2))
        #expect(clock.sleepers == 1)
        try await sleepers[1].value
        try await sleepers[2].value
        clock.advance(by: .seconds(9))
        try await sleepers[0].value
        #expect(clock.now.elapsed == .seconds(11))
    }

    @Test func `a deadline that has passed does not sleep`() async throws {
        let clock = ManualClock()
        clock.advance(by: .seconds(1))
        try await clock.sleep(until: ManualClock.Instant(elapsed: .seconds(1)))
        #expect(clock.sleepers == 0)
    }

    @Test func `a cancelled sleeper leaves`() async throws {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(for: .seconds(1)) }
        try await clock.waitForSleepers(1)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(clock.sleepers == 0)
    }

    @Test func `a loop that sleeps again is driven step by step`() async throws {
        let clock = ManualClock()
        let ticks = Task {
            var seen: [Duration] = []
            for _ in 0..<3 {
                try await clock.sleep(for: .seconds(1))
                seen.append(clock.now.elapsed)
            }
            return seen
        }
        for _ in 0..<3 {
            try await clock.waitForSleepers(1)
            clock.advance(by: .seconds(1))
        }
        #expect(try await ticks.value == [.seconds(1), .seconds(2), .seconds(3)])
    }
}
