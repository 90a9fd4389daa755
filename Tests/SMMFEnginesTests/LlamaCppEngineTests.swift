// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@testable import SMMFEngines

@Suite("llama.cpp")
struct LlamaCppEngineTests {
    let engine = LlamaCppEngine()

    static func launch(
        _ program: EngineProgram = .executable("/usr/bin/llama-server"),
        kind: ModelKind = .language,
        key: String? = nil,
        edit: (inout EngineSpec) -> Void = { _ in }
    ) throws -> EngineLaunch {
        var spec = EngineSpec(engine: "llama.cpp", source: "/models/a.gguf")
        edit(&spec)
        let assignment = InstanceAssignment(
            id: InstanceID("a-1"),
            model: try ModelName("a"),
            kind: kind,
            spec: spec,
            generation: 1
        )
        return EngineLaunch(assignment: assignment, port: 9000, program: program, apiKey: key)
    }

    @Test("A plan in full, for a program of the user's own")
    func ownProgram() throws {
        let plan = try engine.plan(
            Self.launch(key: "secret") {
                $0.context = 4096
                $0.parallel = 3
                $0.threads = 2
                $0.arguments = ["--flash-attn", "on"]
                $0.environment = ["CUDA_VISIBLE_DEVICES": "1"]
            }
        )
        #expect(
            plan.arguments == [
                "/usr/bin/llama-server", "--model", "/models/a.gguf", "--host", "127.0.0.1", "--port", "9000",
                "--alias", "a", "--metrics", "--ctx-size", "12288", "--parallel", "3", "--threads", "2",
                "--flash-attn", "on",
            ]
        )
        #expect(plan.environment == ["CUDA_VISIBLE_DEVICES": "1", "LLAMA_API_KEY": "secret"])
        #expect(plan.readyPath == "/health" && plan.loadPath == "/metrics" && plan.servedName == "a")
    }

    @Test("Our own environment runs the launcher, and what is not asked for is left to the engine")
    func environment() throws {
        let plan = try engine.plan(Self.launch(.environment("/data/engines/llama.cpp/1")))
        #expect(
            plan.arguments == [
                "/data/engines/llama.cpp/1/bin/python", "-u", "/data/engines/llama.cpp/1/llamacpp_launcher.py",
                "--model", "/models/a.gguf", "--host", "127.0.0.1", "--port", "9000", "--alias", "a", "--metrics",
            ]
        )
    }

    @Test(
        "Each kind of model has its flag",
        arguments: zip([ModelKind.embedding, .rerank], ["--embeddings", "--reranking"])
    )
    func kinds(kind: ModelKind, flag: String) throws {
        #expect(try engine.plan(Self.launch(kind: kind)).arguments.last == flag)
    }

    @Test("What llama.cpp would misunderstand is refused")
    func refusals() throws {
        var launch = try Self.launch()
        launch.assignment.model = try ModelName("a,b")
        #expect(throws: InstanceFailure.self) { try engine.plan(launch) }
        #expect(throws: InstanceFailure.self) {
            try engine.plan(
                Self.launch {
                    $0.context = .max
                    $0.parallel = 2
                }
            )
        }
    }

    @Test(
        "Each way to fail is read from the real log",
        arguments: [
            (LlamaCppLogs.missing, .fileMissing, "none.gguf"),
            (LlamaCppLogs.cut, .fileCorrupt, "cut off"),
            (LlamaCppLogs.junk, .fileCorrupt, "not a GGUF"),
            (LlamaCppLogs.folder, .fileCorrupt, "not a GGUF"),
            (LlamaCppLogs.architecture, .unsupportedModel, "noarch"),
            (LlamaCppLogs.port, .portInUse, "9701"),
            (LlamaCppLogs.memory, .outOfMemory, "memory"),
            (LlamaCppLogs.flag, .badArgument, "--nonsense 3"),
            (LlamaCppLogs.value, .badArgument, "abc"),
        ] as [(String, InstanceFailure.Kind, String)]
    )
    func failures(log: String, kind: InstanceFailure.Kind, word: String) throws {
        let lines = log.split(separator: "\n").map(String.init)
        let failure = try #require(engine.failure(in: lines, exit: .code(1)))
        #expect(failure.kind == kind)
        #expect(failure.message.contains(word), "\(failure.message)")
        #expect(failure.nextStep?.isEmpty == false)
        #expect(!failure.evidence.isEmpty && failure.evidence.allSatisfy { lines.contains($0) })
    }

    @Test(
        "Other programs' words for the same causes",
        arguments: [
            ("error while handling argument \"--ctx-size\": stoi", .badArgument),
            ("error: invalid argument: --foo", .badArgument),
            ("ggml_backend_cuda_buffer_type_alloc_buffer: cudaMalloc failed: out of memory", .outOfMemory),
            (
                "llama-server: error while loading shared libraries: libcuda.so.1: cannot open shared object file: No such file or directory",
                .engineMissing
            ),
            ("ModuleNotFoundError: No module named 'xllamacpp'", .engineMissing),
            ("OSError: [Errno 28] No space left on device", .diskFull),
        ] as [(String, InstanceFailure.Kind)]
    )
    func otherWords(line: String, kind: InstanceFailure.Kind) {
        #expect(engine.failure(in: ["something before", line, "something after"], exit: .code(1))?.kind == kind)
    }

    @Test("A log that shows no fault tells no cause, and an engine that left in order had none")
    func noFault() {
        let good = LlamaCppLogs.good.split(separator: "\n").map(String.init)
        #expect(engine.failure(in: good, exit: .signal(11)) == nil)
        #expect(engine.failure(in: LlamaCppLogs.junk.split(separator: "\n").map(String.init), exit: .code(0)) == nil)
    }

    @Test("Loading is told in words")
    func progress() {
        let steps = LlamaCppLogs.good.split(separator: "\n").compactMap { engine.progress(in: String($0))?.text }
        #expect(steps == ["reading the model file", "setting up the context"])
    }

    @Test("Load is read from the metrics page, and only from it")
    func load() {
        let page = """
            # HELP llamacpp:tokens_predicted_total Number of generation tokens processed
            # TYPE llamacpp:tokens_predicted_total counter
            llamacpp:tokens_predicted_total 162
            llamacpp:requests_processing 1
            llamacpp:requests_deferred 2
            """
        #expect(engine.load(from: page) == LoadRecord(running: 1, waiting: 2, generatedTokens: 162))
        #expect(engine.load(from: "vllm:num_requests_running 3") == nil)
        #expect(engine.load(from: "llamacpp:requests_processing NaN") == nil)
        #expect(engine.load(from: "llamacpp:requests_processing -1") == nil)
    }
}
