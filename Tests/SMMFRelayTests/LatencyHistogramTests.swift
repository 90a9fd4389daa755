// SPDX-License-Identifier: MIT

import Testing

@testable import SMMFRelay

@Suite struct LatencyHistogramTests {
    @Test func boundsAreInclusiveAndSumsAdd() {
        var first = LatencyHistogram()
        for bound in LatencyHistogram.bounds { first.record(nanoseconds: Int64((bound * 1e9).rounded())) }
        first.record(nanoseconds: 301_000_000_000)
        #expect(first.counts == Array(repeating: 1, count: LatencyHistogram.bounds.count + 1))
        var second = LatencyHistogram()
        second.record(nanoseconds: 200_000_000)
        second.add(first)
        #expect(second.count == first.count + 1)
        #expect(second.counts[11] == 2)
        #expect(abs(second.sum - first.sum - 0.2) < 1e-9)
    }

    @Test func metricsOfLoopsAdd() {
        var left = RelayMetrics()
        left.models["m", default: ModelTraffic()].count(.refused(status: 400), nanoseconds: 1)
        left.refused[404] = 2
        var right = left
        right.models["n", default: ModelTraffic()].count(.failed(status: 503), nanoseconds: 1)
        right.held = 3
        left.add(right)
        #expect(left.models["m"]?.refused == [400: 2] && left.models["n"]?.failed == [503: 1])
        #expect(left.refused == [404: 4] && left.held == 3)
        #expect(left.models["m"]?.duration.count == 2)
    }
}
