// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFEngines
import SMMFTesting
import Testing

@testable import SMMFWorker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Everything that an engine's program can do wrong, with real processes: each ends in a state with a reason and a next
/// step, leaves nothing behind, and does not disturb another model.
@Suite("Bad engines", .serialized, .timeLimit(.minutes(3)))
struct BadEngineTests {
    enum Victim: Sendable { case engine, guardian }

    /// One way to go wrong.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The program and its arguments; `SIMULATOR` stands for the simulated engine.
        let arguments: [String]
        let kind: InstanceFailure.Kind
        /// What the reason must name.
        let names: String
        /// Who is killed once it serves; nobody where it fails by itself.
        var victim: Victim?

        init(
            _ what: String,
            _ arguments: [String],
            _ kind: InstanceFailure.Kind,
            names: String,
            victim: Victim? = nil
        ) {
            testDescription = what
            self.arguments = arguments
            self.kind = kind
            self.names = names
            self.victim = victim
        }
    }

    private static func shell(_ script: String) -> [String] { ["/bin/sh", "-c", script, "{port}"] }

    static let cases = [
        Case("a missing program", ["/no/such/program", "{port}"], .engineMissing, names: "/no/such/program"),
        Case("a program that may not be run", ["/etc/passwd", "{port}"], .engineMissing, names: "/etc/passwd"),
        Case("a folder for a program", ["/tmp", "{port}"], .engineMissing, names: "/tmp"),
        Case("a wrong flag", ["SIMULATOR", "--port", "{port}", "--bogus", "1"], .exited, names: "64"),
        Case("an exit at once", shell("echo bye; exit 3"), .exited, names: "exit code 3"),
        Case("an exit with success", shell("exit 0"), .exited, names: "exit code 0"),
        Case("a crash", shell("kill -SEGV $$"), .killed, names: "signal 11"),
        Case("a kill for want of memory", shell("kill -KILL $$"), .killed, names: "SIGKILL"),
        Case("a full disk", shell("echo 'write: No space left on device' >&2; exit 1"), .diskFull, names: "disk"),
        Case("a hang while it loads", shell("echo loading; exec sleep 1000"), .startTimeout, names: "no progress"),
        Case(
            "a hang that ignores SIGTERM",
            shell("trap '' TERM; while :; do sleep 0.05; done"),
            .startTimeout,
            names: "no progress"
        ),
        Case(
            "a clock instead of a model",
            shell("while :; do date; sleep 0.05; done"),
            .startTimeout,
            names: "no progress"
        ),
        Case(
            "children that outlive it",
            shell("setsid sleep 1000 & sleep 1000 & (trap '' TERM; exec sleep 1000) & echo forked; exit 5"),
            .exited,
            names: "exit code 5"
        ),
        Case(
            "a death in service, with children in the group and beyond",
            ["SIMULATOR", "--port", "{port}", "--model", "{name}", "--child", "--orphan"],
            .killed,
            names: "SIGKILL",
            victim: .engine
        ),
        Case(
            "the death of its guard",
            ["SIMULATOR", "--port", "{port}", "--model", "{name}", "--child", "--orphan"],
            .killed,
            names: "guard",
            victim: .guardian
        ),
        Case(
            "a model that is listed and does not work",
            [
                "SIMULATOR", "--port", "{port}", "--model", "{name}", "--status", "500", "--error-message",
                "model requires more system memory",
            ],
            .startTimeout,
            names: "requires more system memory"
        ),
        Case(
            "a port that another one took",
            shell("echo 'bind: Address already in use' >&2; exit 1"),
            .portInUse,
            names: "port"
        ),
    ]

    @Test("ends in a state with a reason, and leaves nothing", arguments: cases)
    func bad(test: Case) async throws {
        var settings = RealWorker.quick
        if test.kind == .startTimeout { settings.lifecycle.startDeadline = .seconds(1) }
        settings.lifecycle.stopGrace = .milliseconds(200)
        // Long enough that what is left would be seen before the next start.
        settings.lifecycle.firstRestartPause = .seconds(60)
        let world = try RealWorker([OpenAICompatibleEngine()], settings: settings)
        let simulator = try BuildFolder.executable("smmf-sim")
        func spec(_ arguments: [String]) -> EngineSpec {
            let words = arguments.map { $0 == "SIMULATOR" ? simulator : $0 }
            return EngineSpec(engine: "openai-compatible", source: "", arguments: words)
        }
        try await world.run {
            try await world.assign("good", spec(["SIMULATOR", "--port", "{port}", "--model", "{name}"]))
            let good = try await world.next("good", .ready)
            let files = Self.files(in: world.folder.path)

            try await world.assign("bad", spec(test.arguments))
            var endpoint: Endpoint?
            if let victim = test.victim {
                let row = try await world.next("bad", .ready)
                endpoint = row.endpoint
                let engine = try #require(row.processID)
                let guardian = try #require(ProcessTable.current().rows[engine]?.parent)
                send(SIGKILL, to: victim == .engine ? engine : guardian)
            }
            let row = try await world.next("bad", .failed)
            let failure = try #require(row.failure)
            #expect(failure.kind == test.kind, "\(failure)")
            #expect(failure.message.contains(test.names), "\(failure.message)")
            #expect(failure.nextStep != nil, "\(failure.message)")
            #expect(row.processID == nil && row.endpoint == nil)
            #expect(world.leftovers.allSatisfy { $0.instance == good.id })
            if let endpoint { await #expect(throws: (any Error).self) { try await world.stats(endpoint) } }
            let added = Self.files(in: world.folder.path).subtracting(files)
            #expect(added.allSatisfy { $0.hasPrefix("data/logs/") }, "\(added)")

            // The neighbour has not noticed.
            let status = try await world.supervisor.status().instances.first { $0.id == good.id }
            #expect(status?.state == .ready && status?.processID == good.processID && status?.restarts == 0)
        }
    }

    /// The files under a folder, by their path in it.
    private static func files(in folder: String) -> Set<String> {
        let found = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        return Set(found).subtracting(["data", "data/logs"])
    }

    @Test("a stop of an engine that ignores SIGTERM, and of one that still loads, leaves nothing")
    func stubborn() async throws {
        var settings = RealWorker.quick
        settings.lifecycle.stopGrace = .milliseconds(200)
        let world = try RealWorker([OpenAICompatibleEngine()], settings: settings)
        let simulator = try BuildFolder.executable("smmf-sim")
        try await world.run {
            let arguments = [simulator, "--port", "{port}", "--model", "{name}", "--ignore-sigterm", "--orphan"]
            let spec = EngineSpec(engine: "openai-compatible", source: "", arguments: arguments)
            try await world.assign("deaf", spec)
            let row = try await world.next("deaf", .ready)
            var loading = spec
            loading.arguments += ["--load-ms", "600000"]
            try await world.assign("loading", loading)
            _ = try await world.next("loading", .loading)
            for name in ["deaf", "loading"] {
                try await world.supervisor.release(InstanceID(name))
                _ = try await world.next(name, .stopped)
            }
            #expect(world.leftovers.isEmpty)
            let endpoint = try #require(row.endpoint)
            await #expect(throws: (any Error).self) { try await world.stats(endpoint) }
        }
    }

    @Test("a slow start goes on as long as its log tells progress, and ends when it falls silent")
    func slowStart() async throws {
        let world = try ScriptedWorker(programs: ["vllm": "/bin/sh"])
        world.probe.change { $0.isReady = false }
        var order = try ScriptedWorker.order(engine: "vllm")
        order.spec = EngineSpec(engine: "vllm", source: "/m")
        try await world.supervisor.assign(order)
        let process = try await world.spawner.next()
        await world.registry.next(.loading)
        // Five times most of the deadline, with a word in between.
        for step in 1...5 {
            for _ in 0..<11 { try await world.advance(by: .seconds(10), sleepers: 2) }
            process.print(["Loading safetensors checkpoint shards: \(step * 10)% Completed"])
            let row = try #require(await world.registry.next(.loading))
            #expect(row.progress == Double(step) / 10)
        }
        for _ in 0..<12 { try await world.advance(by: .seconds(10), sleepers: 2) }
        #expect(try await process.nextRequest() == .stop(.seconds(5)))
        process.end(.ended(.signal(15)))
        let failed = try #require(await world.registry.next(.failed))
        #expect(failed.failure?.kind == .startTimeout && failed.failure?.nextStep != nil)
    }
}
