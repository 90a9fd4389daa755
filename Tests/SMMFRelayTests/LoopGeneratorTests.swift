// SPDX-License-Identifier: MIT

import Testing

@testable import SMMFRelay

@Suite struct LoopGeneratorTests {
    /// The first numbers behind the state 1, 2, 3, 4, worked out by hand from the published algorithm.
    @Test func followsTheAlgorithm() {
        var generator = LoopGenerator(state: (1, 2, 3, 4))
        #expect((0..<3).map { _ in generator.next() } == [11520, 0, 1_509_978_240])
    }

    @Test func neverStandsStill() {
        var generator = LoopGenerator(state: (0, 0, 0, 0))
        #expect(Set((0..<100).map { _ in generator.next() }).count > 90)
    }

    @Test func loopsDiffer() {
        var first = LoopGenerator()
        var second = LoopGenerator()
        #expect(first.next() != second.next())
    }
}
