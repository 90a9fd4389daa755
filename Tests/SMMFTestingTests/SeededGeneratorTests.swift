// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@Suite struct SeededGeneratorTests {
    @Test func `the same seed gives the same numbers, and they are SplitMix64's`() {
        var generator = SeededGenerator(seed: 1_234_567)
        // The published reference sequence of SplitMix64 for this seed.
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
        #expect(generator.next() == 9_817_491_932_198_370_423)
    }

    @Test func `another seed gives other numbers`() {
        var one = SeededGenerator(seed: 1)
        var two = SeededGenerator(seed: 2)
        #expect((0..<8).map { _ in one.next() } != (0..<8).map { _ in two.next() })
    }
}
