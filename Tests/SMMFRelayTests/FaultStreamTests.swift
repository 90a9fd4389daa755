// SPDX-License-Identifier: MIT

import NIOCore
import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTesting
import Synchronization
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Thousands of requests to simulated engines that fail in every way they know: each client gets a whole answer or is
/// told that it is not whole, and nothing is left behind.
@Suite struct FaultStreamTests {
    private static let workers = 48
    private static let seed: UInt64 = 2_026

    /// How many go through each transport; `SMMF_FAULT_STREAMS` sets another number.
    private static var count: Int { getenv("SMMF_FAULT_STREAMS").flatMap { Int(String(cString: $0)) } ?? 1_000 }

    @Test func everyFaultAtRandom() async throws {
        var engines: [SimulatedEngine] = []
        for _ in 0..<3 {
            var script = SimulatorScript()
            script.slots = 1_000
            engines.append(try await SimulatedEngine.start(script))
        }
        try await withRelay(loops: 2) {
            $0.timeouts.idle = .seconds(2)
            $0.timeouts.firstByte = .seconds(2)
            $0.timeouts.slowReader = .seconds(5)
        } _: { relay in
            try await publish(engines, relay)
            let tally = Tally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<Self.workers {
                    group.addTask { [engines] in
                        for number in stride(from: worker, to: Self.count, by: Self.workers) {
                            let plan = FaultPlan(number: number, seed: Self.seed)
                            tally.note(plan, try await Self.ask(plan, relay))
                            if plan.fault == .exit { try await Self.revive(engines) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await relay.settle()
            for engine in engines { _ = try await engine.stats { $0.active == 0 && $0.waiting == 0 } }
            tally.check(Self.count, await relay.traffic)
        }
        for engine in engines { await engine.stop() }
    }

    private func publish(_ engines: [SimulatedEngine], _ relay: TestRelay) async throws {
        let instances = engines.enumerated().map { index, engine in
            RouteInstance(
                id: InstanceID("i\(index)"),
                endpoint: Endpoint(host: "127.0.0.1", port: engine.port),
                load: relay.loads["i\(index)"] ?? InstanceLoad()
            )
        }
        let name = try ModelName("m")
        let group = RouteGroup(model: name, policy: RoundRobinPolicy(), instances: instances)
        let entry = RouteEntry(name: name, kind: .language, groups: [group], otherwise: .serving)
        await relay.server.publish(RoutingTable([entry]))
    }

    /// An engine that has left comes back, as its supervisor would see to.
    private static func revive(_ engines: [SimulatedEngine]) async throws {
        for engine in engines { try await engine.update { $0.refusing = false } }
    }

    /// Returns what the client got, or nil when it left.
    private static func ask(_ plan: FaultPlan, _ relay: TestRelay) async throws -> ReceivedAnswer? {
        let isSlow = plan.manner == .readsSlowly
        let client = try await RawClient.connect(relay.port, receiveBuffer: isSlow ? 4_096 : nil)
        try await client.chat(stream: plan.isStream, fields: "Connection: close\r\n" + plan.fields)
        switch plan.manner {
        case .leavesEarly:
            try? await client.close()
            return nil
        case .leavesInTheMiddle:
            try await client.wait(for: "HTTP/1.1 ")
            try? await client.close()
            return nil
        case .readsSlowly: try? await client.channel.setOption(.autoRead, value: true).get()
        case .reads: break
        }
        // Whatever it is, the connection is closed behind it.
        return try await client.lastAnswer()
    }
}

/// What became of the requests.
private final class Tally: Sendable {
    private struct Counts {
        var whole = 0
        var told = 0
        var refused = 0
        var left = 0
        var unharmed = 0
        var unharmedWhole = 0
    }

    private let counts = Mutex(Counts())

    func note(_ plan: FaultPlan, _ answer: ReceivedAnswer?) {
        guard let answer else { return counts.withLock { $0.left += 1 } }
        let comment: Comment = "\(plan): \(answer.status) \(answer.isComplete) \(answer.content.suffix(300))"
        let isWhole = answer.status == 200 && answer.isComplete && !answer.content.contains("\"error\"")
        if isWhole {
            #expect(!plan.mustBreak, comment)
            let pieces = answer.content.components(of: plan.isStream ? "\"delta\":{\"content\":" : "\"message\":")
            // Half a JSON body in good framing is the engine's answer.
            #expect(pieces == (plan.isStream ? plan.tokens : 1) || plan.fault == .malformed && !plan.isStream, comment)
        }
        if answer.status != 200 {
            #expect([plan.status, 500, 502, 503, 504].contains(answer.status) && answer.isComplete, comment)
            #expect(answer.content.contains("\"error\""), comment)
        }
        counts.withLock { counts in
            if isWhole {
                counts.whole += 1
            } else if answer.status == 200 {
                counts.told += 1
            } else {
                counts.refused += 1
            }
            guard plan.fault == nil, plan.status == 0 else { return }
            counts.unharmed += 1
            if isWhole { counts.unharmedWhole += 1 }
        }
    }

    func check(_ total: Int, _ traffic: ModelTraffic) {
        let counts = counts.withLock { $0 }
        let comment: Comment = "\(counts) \(traffic)"
        // A request whose client left at once may not have been read at all.
        let outcomes = traffic.completed + traffic.cancelled + traffic.broken
        let errors = traffic.failed.values.reduce(0, +) + traffic.refused.values.reduce(0, +)
        #expect(outcomes + errors <= total && outcomes + errors >= total - counts.left, comment)
        #expect(counts.whole > total / 4 && counts.told > total / 20 && counts.refused > total / 20, comment)
        // Where nothing was to go wrong, only an engine that another request has ended may be in the way.
        #expect(counts.unharmedWhole * 10 >= counts.unharmed * 6, comment)
        print("\(counts)")
    }
}

extension String {
    /// How often `text` stands in it.
    fileprivate func components(of text: String) -> Int {
        split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
