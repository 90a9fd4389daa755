// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFBench

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The generator against an engine that answers as its script says.
@Suite("Load generator")
struct LoadGeneratorTests {
    private func generator(
        _ engine: SimulatedEngine,
        stream: Bool = false,
        _ change: (inout LoadPlan) -> Void = { _ in }
    ) throws -> LoadGenerator {
        var plan = LoadPlan()
        plan.warmup = .zero
        plan.connections = 4
        plan.length = .requests(40)
        change(&plan)
        var target = LoadTarget(endpoint: Endpoint(host: engine.host, port: engine.port), model: "sim")
        target.isStream = stream
        return try LoadGenerator(plan: plan, target: target, prompts: ["one", "two words"])
    }

    @Test("a closed loop asks exactly so often, on all loops together", arguments: [false, true], [1, 3])
    func closed(stream: Bool, loops: Int) async throws {
        try await SimulatedEngine.running { engine in
            let report = try await generator(engine, stream: stream) { $0.loops = loops }.run()
            #expect(report.requests == 40 && report.succeeded == 40 && report.failed == 0)
            #expect(report.unfinished == 0 && report.unsent == 0)
            #expect(report.total.count == 40 && report.firstToken.count == 40)
            #expect(report.lag == nil)
            if stream { #expect((report.interToken?.count ?? 0) >= 40 * 15) } else { #expect(report.interToken == nil) }
            #expect(engine.stats.started == 40)
        }
    }

    @Test("an open loop asks exactly so often and counts from when a request was due")
    func open() async throws {
        try await SimulatedEngine.running { engine in
            let report = try await generator(engine) { plan in
                plan.arrival = .open(perSecond: 2000)
                plan.loops = 2
            }.run()
            #expect(report.requests == 40 && report.succeeded == 40 && report.lag?.count == 40)
        }
    }

    @Test("each failure is counted by its kind, and the first error's text is kept")
    func failures() async throws {
        var script = SimulatorScript()
        script.status = 503
        try await SimulatedEngine.running(script) { engine in
            let report = try await generator(engine).run()
            #expect(report.failed == 40 && report.succeeded == 0 && report.errors == ["status 503": 40])
            #expect(report.firstError?.contains("simulated failure") == true)
            try await engine.update { script in
                script.status = 0
                script.fault = .fin
                script.faultAfter = 3
            }
            #expect(try await generator(engine, stream: true).run().errors == ["broken stream": 40])
            try await engine.update { $0.fault = .error }
            #expect(try await generator(engine, stream: true).run().errors == ["error in a 200": 40])
        }
    }

    @Test("a probe says what is wrong before a run does")
    func probe() async throws {
        var script = SimulatorScript()
        script.apiKey = "k"
        try await SimulatedEngine.running(script) { engine in
            await #expect { try await generator(engine).probe() } throws: { error in
                (error as? SMMFError)?.message.contains("status 401") == true
            }
            try await engine.update { $0.apiKey = nil }
            try await generator(engine).probe()
            try await engine.crash()
            await #expect { try await generator(engine).probe() } throws: { error in
                (error as? SMMFError)?.message.contains("connect failed") == true
            }
        }
    }

    @Test("a request that takes too long is given up and counted")
    func timeout() async throws {
        var script = SimulatorScript()
        script.fault = .hang
        try await SimulatedEngine.running(script) { engine in
            let report = try await generator(engine) { plan in
                plan.length = .requests(2)
                plan.connections = 2
                plan.timeout = .milliseconds(50)
            }.run()
            #expect(report.errors == ["timeout": 2])
        }
    }

    @Test("what goes on behind the grace is unfinished, and what no connection took is unsent")
    func unfinished() async throws {
        var script = SimulatorScript()
        script.fault = .hang
        try await SimulatedEngine.running(script) { engine in
            let report = try await generator(engine) { plan in
                plan.arrival = .open(perSecond: 100)
                plan.length = .time(.milliseconds(200))
                plan.grace = .milliseconds(20)
            }.run()
            #expect(report.unfinished == 4 && report.requests == 20 && report.unsent == 16)
        }
    }

    @Test("this process can be metered, and one that is not there is refused")
    func meter() throws {
        #if os(Linux)
        let reading = try ProcessMeter([getpid()]).read()
        #expect(reading.cpu > 0 && reading.resident > 0)
        #endif
        #expect { _ = try ProcessMeter([Int32.max]) } throws: { ($0 as? SMMFError)?.field == "--pid" }
    }
}
