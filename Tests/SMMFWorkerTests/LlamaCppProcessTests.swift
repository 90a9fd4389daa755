// SPDX-License-Identifier: MIT

import Logging
import SMMFControlHTTP
import SMMFCore
import SMMFEngines
import SMMFTesting
import Testing

@testable import SMMFWorker

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The whole worker with nothing played: real processes, real guards, real llama.cpp, real time.
@Suite("llama.cpp for real", .serialized, .timeLimit(.minutes(2)), .enabled(if: RealLlamaCpp.isHere))
struct LlamaCppProcessTests {
    let folder: TemporaryFolder
    let registry = RecordingRegistry()
    let http = SharedHTTP()
    let supervisor: Supervisor
    let worker: WorkerID

    init() throws {
        folder = try TemporaryFolder()
        worker = WorkerID("real-\(folder.path)")
        supervisor = Supervisor(
            id: worker,
            data: folder.file("data"),
            guardProgram: try GuardProgram.command,
            engines: [LlamaCppEngine(), OpenAICompatibleEngine()],
            locator: try #require(try RealLlamaCpp.locator(in: folder)),
            registry: registry,
            probe: HTTPEngineProbe(http: PlainHTTP(http: http)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func order(_ name: String, source: String) throws -> InstanceAssignment {
        InstanceAssignment(
            id: InstanceID(name),
            model: try ModelName(name),
            kind: .language,
            spec: EngineSpec(engine: "llama.cpp", source: source, context: 128, parallel: 1, threads: 1),
            generation: 1
        )
    }

    private func model() throws -> String {
        let path = folder.file("tiny.gguf")
        try TinyModel.write(to: path)
        return path
    }

    /// Runs a test and ends everything; one that fails half-way must not leave an engine to the next one.
    private func withWorker(_ body: () async throws -> Void) async throws {
        var failure: (any Error)?
        do { try await body() } catch { failure = error }
        await supervisor.shutDown()
        #expect(LeftoverSweep(worker: worker, clock: ContinuousClock()).find().isEmpty)
        if let failure { throw failure }
    }

    @Test("A model comes up, answers, survives the death of its process and of its guard, and goes without a trace")
    func life() async throws {
        try await withWorker {
            try await supervisor.assign(order("tiny", source: model()))
            var row = try #require(await registry.next(.ready))
            let endpoint = try #require(row.endpoint)
            let answer = try await PlainHTTP(http: http).get(
                endpoint,
                path: "/v1/models",
                timeout: .seconds(10),
                limit: 1 << 20
            )
            #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains("\"tiny\""))

            send(SIGKILL, to: try #require(row.processID))
            #expect(await registry.next(.failed)?.failure?.kind == .killed)
            row = try #require(await registry.next(.ready))
            #expect(row.restarts == 1)
            let child = try #require(row.processID)

            let guardID = try #require(ProcessTable.current().rows[child]?.parent)
            send(SIGKILL, to: guardID)
            #expect(await registry.next(.failed)?.failure?.kind == .killed)
            row = try #require(await registry.next(.ready))
            #expect(row.restarts == 2)
            #expect(!isRunning(child))

            try await supervisor.release(row.id)
            await registry.next(.stopped)
            #expect(!isRunning(try #require(row.processID)))
        }
    }

    @Test("Several models live in one worker, and one that cannot start does not disturb the others")
    func several() async throws {
        try await withWorker {
            let source = try model()
            try await supervisor.assign(order("one", source: source))
            try await supervisor.assign(order("two", source: source))
            try await supervisor.assign(order("missing", source: "/no/such/model.gguf"))
            try await supervisor.assign(order("broken", source: try folder.write("no model at all", to: "broken.gguf")))
            let strange = folder.file("strange.gguf")
            try TinyModel.write(to: strange, architecture: "strange")
            try await supervisor.assign(order("strange", source: strange))
            try await eventually("every start has come to its end") {
                let states = try await supervisor.status().instances.map(\.state)
                return states.allSatisfy { $0 == .ready || $0 == .failed }
            }
            let rows = try await supervisor.status().instances
            let failures = rows.map { "\($0.id): \($0.state.rawValue) \($0.failure?.kind.rawValue ?? "")" }
            #expect(
                failures == [
                    "broken: failed file_corrupt", "missing: failed file_missing", "one: ready ",
                    "strange: failed unsupported_model",
                    "two: ready ",
                ]
            )
            #expect(Set(rows.compactMap(\.endpoint)).count == 2)
            let log = try await supervisor.logs(of: InstanceID("missing"), after: 0, limit: 1000)
            #expect(log.lines.contains { $0.contains("No such file or directory") })
        }
    }

    @Test("What an earlier run of the worker left behind is ended before anything is started")
    func leftovers() async throws {
        try await withWorker {
            let marker = ProcessMarker.environment(worker: worker, instance: InstanceID("old"))
            let script = try await GuardedScript(
                "setsid sh -c 'echo orphan $$; exec sleep 1000' & sleep 1000",
                environment: marker
            )
            let orphan = try await script.number(after: "orphan")
            send(SIGKILL, to: script.process.guardID)
            _ = await script.process.end()
            #expect(isRunning(orphan))
            try await supervisor.assign(order("new", source: model()))
            await registry.next(.starting)
            await registry.next(.loading)
            #expect(!isRunning(orphan))
        }
    }
}
