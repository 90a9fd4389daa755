// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFEngines
import SMMFTesting
import Testing

@testable import SMMFWorker

/// Parking under the real supervision, with engines' programs as `smmf-sim` plays them.
@Suite("Parking engines", .serialized, .timeLimit(.minutes(3)))
struct ParkingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let engine: any ParkingEngine
        var testDescription: String { engine.name }
    }

    static let cases = [
        Case(engine: VLLMEngine(accelerator: .nvidia)), Case(engine: SGLangEngine(accelerator: .nvidia)),
        Case(engine: LMDeployEngine()),
    ]
    private static let hello: JSONValue = ["model": "model", "messages": [["role": "user", "content": "hi"]]]
    private static let ballast = 64 << 20

    /// Starts an instance that is to be parked, and returns it when it serves.
    private static func start(_ test: Case, _ world: RealWorker, _ simulated: String = "") async throws -> Instance {
        var spec = EngineSpec(engine: test.engine.name, source: world.folder.path)
        spec.environment = [RealWorker.variable: "--ballast-mb 64 \(simulated)"]
        let assignment = InstanceAssignment(
            id: InstanceID("m"),
            model: try ModelName("model"),
            kind: .language,
            spec: spec,
            generation: 1,
            parks: true
        )
        try await world.supervisor.assign(assignment)
        let row = try await world.next("m", .ready, .failed)
        #expect(row.state == .ready && row.isParkable == true, "\(row)")
        return row
    }

    @Test("gives its memory up, takes it back, and serves, in the same process", arguments: cases)
    func cycle(test: Case) async throws {
        let world = try RealWorker([test.engine])
        try await world.run {
            let ready = try await Self.start(test, world)
            let before = try #require(ready.memory)
            #expect(before > Self.ballast)
            for _ in 0..<2 {
                try await world.supervisor.perform(.park, on: ready.id)
                let parked = try await world.next("m", .parked, .stopped)
                #expect(parked.state == .parked, "\(parked)")
                #expect((parked.memory ?? .max) < before - Self.ballast / 2, "it gave its memory up")
                try await world.supervisor.perform(.wake, on: ready.id)
                let woken = try await world.next("m", .ready, .failed)
                #expect(woken.state == .ready && woken.processID == ready.processID)
                #expect((woken.memory ?? 0) > Self.ballast)
                let endpoint = try #require(woken.endpoint)
                #expect(try await world.post(endpoint, "/v1/chat/completions", Self.hello).contains("choices"))
            }
            // A parked one ends as any other.
            try await world.supervisor.perform(.park, on: ready.id)
            _ = try await world.next("m", .parked)
            try await world.supervisor.release(ready.id)
            _ = try await world.next("m", .stopped)
        }
    }

    @Test("requests are finished before it sleeps", arguments: cases)
    func finishes(test: Case) async throws {
        let world = try RealWorker([test.engine])
        try await world.run {
            let ready = try await Self.start(test, world)
            let endpoint = try #require(ready.endpoint)
            try await world.post(endpoint, "/sim/script", ["hold-after": 1])
            let last = Task { try await world.post(endpoint, "/v1/chat/completions", Self.hello) }
            try await world.waitForStats(endpoint, "the request is in work") { $0.held == 1 }
            try await world.supervisor.perform(.park, on: ready.id)
            _ = try await world.next("m", .parking)
            try await world.post(endpoint, "/sim/release", [:])
            #expect(try await last.value.contains("choices"))
            #expect(try await world.next("m", .parked, .stopped).state == .parked)
        }
    }

    @Test("one that refuses to sleep is ended, and is not asked again", arguments: cases)
    func refuses(test: Case) async throws {
        let world = try RealWorker([test.engine])
        try await world.run {
            let ready = try await Self.start(test, world, "--sleep-fault refuse")
            try await world.supervisor.perform(.park, on: ready.id)
            let ended = try await world.next("m", .parked, .stopped)
            #expect(ended.state == .stopped && ended.failure?.kind == .parkFailed, "\(ended)")
            #expect(ended.failure?.message.contains("500") == true && ended.failure?.nextStep != nil)
            #expect(await world.supervisor.unparkable.count == 1)
        }
    }

    @Test("one that keeps its memory is parked with what it keeps", arguments: cases)
    func keeps(test: Case) async throws {
        let world = try RealWorker([test.engine])
        try await world.run {
            let ready = try await Self.start(test, world, "--sleep-fault keep")
            try await world.supervisor.perform(.park, on: ready.id)
            let parked = try await world.next("m", .parked, .stopped)
            #expect(parked.state == .parked && (parked.memory ?? 0) > Self.ballast, "\(parked)")
        }
    }

    @Test(
        "one that does not serve after it was woken starts again, with the reason, and is not parked again",
        arguments: cases,
        ["stay", "deaf", "die"]
    )
    func deaf(test: Case, fault: String) async throws {
        var settings = RealWorker.quick
        settings.lifecycle.wakeDeadline = .seconds(2)
        settings.lifecycle.stopGrace = .milliseconds(200)
        let world = try RealWorker([test.engine], settings: settings)
        try await world.run {
            let ready = try await Self.start(test, world, "--sleep-fault \(fault)")
            try await world.supervisor.perform(.park, on: ready.id)
            _ = try await world.next("m", .parked)
            try await world.supervisor.perform(.wake, on: ready.id)
            let failed = try await world.next("m", .ready, .failed)
            #expect(failed.state == .failed, "\(failed)")
            let words = ["stay": "500", "deaf": "2 s after it was woken", "die": "does not wake"]
            #expect(failed.failure?.kind == .wakeFailed, "\(failed)")
            #expect(failed.failure?.message.contains(words[fault] ?? "") == true, "\(failed)")
            let again = try await world.next("m", .ready)
            #expect(again.restarts == 1 && again.processID != ready.processID && again.isParkable == nil)
            await #expect(throws: SMMFError.self) { try await world.supervisor.perform(.park, on: ready.id) }
        }
    }
}
