// SPDX-License-Identifier: MIT

/// A loop's own random numbers, for request names and routing: xoshiro256** (Blackman and Vigna), seeded by the system.
///
/// The system's generator is a system call for every number, which would be a tenth of what a request costs. Nothing that
/// must stay secret is drawn from here.
struct LoopGenerator: RandomNumberGenerator {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init() {
        var system = SystemRandomNumberGenerator()
        self.init(state: (system.next(), system.next(), system.next(), system.next()))
    }

    /// A state of zeros alone would stay there for ever, so one bit is always set.
    init(state: (UInt64, UInt64, UInt64, UInt64)) {
        self.state = state
        self.state.0 |= 1
    }

    mutating func next() -> UInt64 {
        let result = Self.rotated(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = Self.rotated(state.3, by: 45)
        return result
    }

    private static func rotated(_ value: UInt64, by count: UInt64) -> UInt64 {
        value << count | value >> (64 - count)
    }
}
