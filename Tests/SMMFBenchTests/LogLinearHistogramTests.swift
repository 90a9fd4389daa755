// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFBench

@Suite("Log-linear histogram")
struct LogLinearHistogramTests {
    @Test("every value lies in its bucket, and buckets follow each other without gaps")
    func buckets() {
        var previous = -1
        for index in 0...LogLinearHistogram.index(of: LogLinearHistogram.largest) {
            let upper = LogLinearHistogram.upperBound(of: index)
            #expect(LogLinearHistogram.index(of: upper) == index)
            #expect(LogLinearHistogram.index(of: previous + 1) == index)
            previous = upper
        }
        #expect(previous == LogLinearHistogram.largest)
    }

    @Test("percentiles are right within 0.8 %, never below the truth", arguments: 1...20)
    func percentiles(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var histogram = LogLinearHistogram()
        let values = (0..<2000).map { _ in
            Int.random(in: 0..<(1 << Int.random(in: 1...40, using: &generator)), using: &generator)
        }
        for value in values { histogram.record(value) }
        let sorted = values.sorted()
        for fraction in [0.001, 0.5, 0.9, 0.99, 0.999, 1] {
            let truth = sorted[max(0, Int((fraction * 2000).rounded(.up)) - 1)]
            let found = histogram.value(at: fraction)
            #expect(found >= truth && Double(found) <= Double(truth) * 1.008, "\(fraction): \(truth) \(found)")
        }
        #expect(histogram.maximum == sorted.last)
        #expect(abs(histogram.mean - Double(values.reduce(0, +)) / 2000) < 1)
    }

    @Test("what is added up is what one histogram would have counted")
    func sums() {
        var parts = [LogLinearHistogram(), LogLinearHistogram()]
        var whole = LogLinearHistogram()
        for value in 0..<500 {
            parts[value % 2].record(value * value, times: value % 3)
            whole.record(value * value, times: value % 3)
        }
        parts[0].add(parts[1])
        #expect(parts[0] == whole)
    }

    @Test("the empty, the negative and the huge")
    func edges() {
        var histogram = LogLinearHistogram()
        #expect(histogram.value(at: 0.5) == 0 && histogram.mean == 0 && histogram.count == 0)
        histogram.record(5, times: 0)
        #expect(histogram.count == 0)
        histogram.record(-7)
        #expect(histogram.value(at: 1) == 0)
        histogram.record(Int.max)
        #expect(histogram.value(at: 1) == Int.max && histogram.value(at: 0.5) == 0)
    }
}
