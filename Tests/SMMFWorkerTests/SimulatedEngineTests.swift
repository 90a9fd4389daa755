// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFEngines
import SMMFTesting
import Testing

@testable import SMMFWorker

/// Engines that no package index has, or that want a card: each adapter against the engine's own command line, wire and
/// texts as `smmf-sim` has them, under the real supervision.
@Suite("Simulated engines", .serialized, .timeLimit(.minutes(3)))
struct SimulatedEngineTests {
    /// An adapter and the engine it is for.
    struct Case: Sendable, CustomTestStringConvertible {
        let engine: any Engine
        let dialect: SimulatorDialect
        let kind: ModelKind
        /// What it tells of one request in work; nil where it tells no load.
        let running: Int?

        init(_ engine: any Engine, _ dialect: SimulatorDialect, _ kind: ModelKind, running: Int? = 1) {
            self.engine = engine
            self.dialect = dialect
            self.kind = kind
            self.running = running
        }

        var testDescription: String { "\(engine.name), \(kind.rawValue)" }
    }

    /// One line for each engine and kind.
    static let cases = [
        Case(VLLMEngine(accelerator: .nvidia), .vllm, .language),
        Case(SGLangEngine(accelerator: .nvidia), .sglang, .language),
        Case(TGIEngine(), .tgi, .language),
        Case(TensorRTLLMEngine(), .tensorRT, .language),
        Case(LMDeployEngine(), .lmDeploy, .language),
        Case(OllamaEngine(), .ollama, .language, running: nil),
        Case(OllamaEngine(), .ollama, .embedding, running: nil),
        // What it works on has left its queue, which is all that it tells.
        Case(TEIEngine(), .tei, .embedding, running: 0),
        Case(TEIEngine(), .tei, .rerank, running: 0),
    ]

    private static func spec(
        _ test: Case,
        _ world: RealWorker,
        simulated: String = "",
        _ change: (inout EngineSpec) -> Void = { _ in }
    ) -> EngineSpec {
        // Ollama's models come from its library, the others' from a folder.
        let source = test.dialect == .ollama ? "qwen3:0.6b" : world.folder.path
        var spec = EngineSpec(engine: test.engine.name, source: source)
        spec.environment = [RealWorker.variable: simulated]
        change(&spec)
        return spec
    }

    /// Where a kind of model is asked, and with what.
    private static func request(_ test: Case, _ row: Instance) -> (path: String, body: JSONValue, sign: String) {
        let model = JSONValue.string(row.servedName ?? row.model.text)
        return switch test.kind {
        case .language:
            (
                "/v1/chat/completions",
                ["model": model, "stream": true, "messages": [["role": "user", "content": "hi"]]], "[DONE]"
            )
        case .embedding: ("/v1/embeddings", ["model": model, "input": ["a", "b"]], "\"index\":1")
        case .rerank, .image, .speech, .transcription, .moderation:
            ("/rerank", ["query": "a", "texts": ["b", "a"]], "[{\"index\":1,\"score\":1")
        }
    }

    @Test("serves, tells its load, gives up what nobody waits for, drains, and goes", arguments: cases)
    func life(test: Case) async throws {
        let world = try RealWorker([test.engine])
        try await world.run {
            let spec = Self.spec(test, world, simulated: "--load-ms 100 --tokens 4")
            try await world.assign("m", kind: test.kind, spec)
            let row = try await world.next("m", .ready, .failed)
            let endpoint = try #require(row.endpoint, "\(row.failure?.message ?? "")")
            let words = await world.registry.entries.compactMap { entry in
                if case .put(let row) = entry, row.state == .loading { row.detail } else { nil }
            }
            #expect(words.count > 1, "what the engine says about loading is shown: \(words)")
            let (path, body, sign) = Self.request(test, row)
            #expect(try await world.post(endpoint, path, body).contains(sign))

            // Somebody hangs up.
            try await world.post(endpoint, "/sim/script", ["hold-after": 1])
            let abandoned = Task { try await world.post(endpoint, path, body) }
            try await world.waitForStats(endpoint, "the request is in work") { $0.held == 1 }
            #expect(try await load(test, spec, world, endpoint)?.running == test.running)
            abandoned.cancel()
            try await world.waitForStats(endpoint, "the engine has noticed") { $0.cancelled == 1 && $0.active == 0 }
            _ = await abandoned.result
            #expect(try await load(test, spec, world, endpoint)?.running == test.running.map { _ in 0 })

            // What is in work when it has to go is finished.
            let last = Task { try await world.post(endpoint, path, body) }
            try await world.waitForStats(endpoint, "the request is in work") { $0.held == 1 }
            try await world.supervisor.release(row.id)
            _ = try await world.next("m", .draining)
            try await world.post(endpoint, "/sim/release", [:])
            #expect(try await last.value.contains(sign))
            _ = try await world.next("m", .stopped)
            #expect(world.leftovers.isEmpty)
            await #expect(throws: (any Error).self) { try await world.stats(endpoint) }
        }
    }

    /// The adapter's plan for a deployment; throws where it refuses a setting.
    private static func plan(_ test: Case, _ spec: EngineSpec, port: Int = 1) throws -> LaunchPlan {
        let assignment = InstanceAssignment(
            id: InstanceID("m"),
            model: try ModelName("model"),
            kind: test.kind,
            spec: spec,
            generation: 1
        )
        return try test.engine.plan(EngineLaunch(assignment: assignment, port: port, program: .executable("/bin/x")))
    }

    /// The load that the adapter reads from the page that it names.
    private func load(
        _ test: Case,
        _ spec: EngineSpec,
        _ world: RealWorker,
        _ endpoint: Endpoint
    ) async throws -> LoadRecord? {
        guard let path = try Self.plan(test, spec).loadPath else { return nil }
        return await HTTPEngineProbe(http: world.http).text(endpoint, path: path).flatMap(test.engine.load)
    }

    @Test("each text of a start that fails is read into its cause, with what to do", arguments: cases)
    func failures(test: Case) async throws {
        let program = try #require(test.dialect.program)
        let world = try RealWorker([test.engine])
        try await world.run {
            var counts: [InstanceFailure.Kind: Int] = [:]
            for failure in program.failures {
                let index = counts[failure.kind, default: 0]
                counts[failure.kind] = index + 1
                let name = "\(failure.kind.rawValue)-\(index)"
                let cause = "--fail \(failure.kind.rawValue):\(index)"
                try await world.assign(name, kind: test.kind, Self.spec(test, world, simulated: cause))
                let row = try await world.next(name, .failed)
                #expect(row.failure?.kind == failure.kind, "\(failure.lines): \(String(describing: row.failure))")
                #expect(row.failure?.nextStep != nil && row.failure?.evidence.isEmpty == false, "\(failure.lines)")
                try await world.supervisor.release(row.id)
                _ = try await world.next(name, .stopped)
            }
        }
    }

    @Test("a flag that the engine does not know, and a model that is not there, are told by name", arguments: cases)
    func mistakes(test: Case) async throws {
        let world = try RealWorker([test.engine])
        try await world.run {
            try await world.assign(
                "flag",
                kind: test.kind,
                Self.spec(test, world) { $0.arguments = ["--no-such-flag"] }
            )
            let flag = try await world.next("flag", .ready, .failed)
            #expect(flag.failure?.kind == .badArgument, "\(flag)")
            #expect(flag.failure?.message.contains("--no-such-flag") == true, "\(flag)")
            let source = test.dialect == .ollama ? "no-such-model" : "/no/such/model"
            try await world.assign("model", kind: test.kind, Self.spec(test, world) { $0.source = source })
            let model = try await world.next("model", .ready, .failed)
            #expect(model.failure?.kind == .fileMissing, "\(model)")
            #expect(model.failure?.message.contains(source) == true, "\(model)")
        }
    }

    @Test("every setting that an adapter tells is one that the engine takes", arguments: cases)
    func settings(test: Case) async throws {
        let world = try RealWorker([test.engine])
        try await world.run {
            let changes: [(inout EngineSpec) -> Void] = [
                { $0.context = 4096 }, { $0.parallel = 3 }, { $0.threads = 2 }, { $0.tensorParallel = 1 },
                { $0.memoryShare = 0.5 }, { $0.batchTokens = 4096 }, { $0.quantization = "awq" },
                { $0.adapters = ["a": "/a", "b": "/b"] },
            ]
            // All that the adapter does not refuse by name, at once.
            var spec = Self.spec(test, world)
            for change in changes {
                var changed = spec
                change(&changed)
                if (try? Self.plan(test, changed)) != nil { spec = changed }
            }
            try await world.assign("m", kind: test.kind, spec)
            let row = try await world.next("m", .ready, .failed)
            #expect(row.state == .ready, "\(String(describing: row.failure))")
        }
    }
}
