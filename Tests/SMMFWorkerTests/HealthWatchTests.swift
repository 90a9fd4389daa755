// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@testable import SMMFWorker

@Suite("Health by progress")
final class HealthWatchTests {
    private var watch = HealthWatch(busyAllowance: .seconds(600), at: .zero)

    private func judge(isReady: Bool, load: LoadRecord?, at now: Duration) -> HealthWatch.Verdict {
        watch.judge(isReady: isReady, load: load, at: now)
    }

    private func isBusy(processorTime: UInt64?, at now: Duration) -> Bool {
        watch.isBusy(processorTime: processorTime, at: now)
    }

    private static func load(_ running: Int, _ tokens: UInt64?, waiting: Int = 0) -> LoadRecord {
        LoadRecord(running: running, waiting: waiting, generatedTokens: tokens)
    }

    @Test("An idle engine, and one that never tells its load, need only be ready")
    func quiet() {
        #expect(judge(isReady: true, load: nil, at: .seconds(5)) == .healthy)
        #expect(judge(isReady: true, load: Self.load(0, 7), at: .seconds(10)) == .healthy)
        #expect(judge(isReady: true, load: Self.load(0, 7), at: .seconds(15)) == .healthy)
        #expect(judge(isReady: false, load: nil, at: .seconds(20)) == .askForToken)
    }

    @Test("A busy engine is healthy while its tokens move, and asked when they stand still")
    func tokens() {
        #expect(judge(isReady: true, load: Self.load(1, 1), at: .seconds(5)) == .healthy)
        #expect(judge(isReady: true, load: Self.load(1, 2), at: .seconds(10)) == .healthy)
        #expect(judge(isReady: true, load: Self.load(1, 2), at: .seconds(15)) == .askForToken)
        #expect(judge(isReady: true, load: Self.load(0, 2, waiting: 1), at: .seconds(20)) == .askForToken)
        #expect(judge(isReady: true, load: Self.load(1, nil), at: .seconds(25)) == .askForToken)
    }

    @Test("An engine that told its load before and does not now hangs in part")
    func partialHang() {
        #expect(judge(isReady: true, load: Self.load(0, 0), at: .seconds(5)) == .healthy)
        #expect(judge(isReady: true, load: nil, at: .seconds(10)) == .askForToken)
    }

    @Test("Work in hand and a working processor count as busy, for a limited time")
    func busy() {
        _ = judge(isReady: true, load: Self.load(1, 1), at: .seconds(5))
        #expect(isBusy(processorTime: 10, at: .seconds(10)))
        #expect(isBusy(processorTime: 20, at: .seconds(15)))
        #expect(!isBusy(processorTime: 20, at: .seconds(20)))
        #expect(isBusy(processorTime: 30, at: .seconds(604)))
        #expect(!isBusy(processorTime: 40, at: .seconds(605)))
        watch.tokenCame(at: .seconds(610))
        #expect(isBusy(processorTime: 50, at: .seconds(615)))
        #expect(!isBusy(processorTime: nil, at: .seconds(620)))
    }

    @Test("Without work in hand a working processor is no excuse")
    func spinning() {
        _ = judge(isReady: true, load: Self.load(0, 1), at: .seconds(5))
        #expect(!isBusy(processorTime: 10, at: .seconds(10)))
        #expect(!isBusy(processorTime: 20, at: .seconds(15)))
    }
}
