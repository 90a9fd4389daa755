// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@testable import SMMFEngines

/// The command lines that engines get for the same deployment, against what their own documentation says.
@Suite("Launch plans")
struct EnginePlanTests {
    private static func launch(
        _ engine: any Engine,
        kind: ModelKind = .language,
        _ change: (inout EngineSpec) -> Void = { _ in }
    ) throws -> EngineLaunch {
        var spec = EngineSpec(engine: engine.name, source: "/m")
        change(&spec)
        return EngineLaunch(
            assignment: InstanceAssignment(
                id: InstanceID("n-1"),
                model: try ModelName("n"),
                kind: kind,
                spec: spec,
                generation: 1
            ),
            port: 9000,
            program: engine.distribution.isInstallable ? .environment("/e") : .executable("/bin/x"),
            apiKey: nil
        )
    }

    private static func full(_ spec: inout EngineSpec) {
        spec.context = 4096
        spec.parallel = 8
        spec.tensorParallel = 2
        spec.memoryShare = 0.5
        spec.batchTokens = 2048
    }

    static let bareLines: [(engine: any Engine, line: String)] = [
        (VLLMEngine(accelerator: .nvidia), "/e/bin/vllm serve /m --host 127.0.0.1 --port 9000 --served-model-name n"),
        (
            SGLangEngine(accelerator: .nvidia),
            "/e/bin/python -m sglang.launch_server --model-path /m --host 127.0.0.1 --port 9000 --served-model-name n "
                + "--enable-metrics"
        ),
        (
            SGLangEngine(accelerator: .none),
            "/e/bin/python -m sglang.launch_server --model-path /m --host 127.0.0.1 --port 9000 --served-model-name n "
                + "--enable-metrics --device cpu --max-total-tokens 16384"
        ),
        (
            TGIEngine(),
            "/bin/x --model-id /m --hostname 127.0.0.1 --port 9000 --shard-uds-path /tmp/text-generation-server-9000"
        ),
        (
            TensorRTLLMEngine(),
            "/bin/sh -c exec \"$@\" 3<<END\nreturn_perf_metrics: true\nenable_iter_perf_stats: true\nEND sh /bin/x /m "
                + "--host 127.0.0.1 --port 9000 --backend pytorch --served_model_name n --extra_llm_api_options /dev/fd/3"
        ),
        (TEIEngine(), "/bin/x --model-id /m --hostname 127.0.0.1 --port 9000"),
        (
            InfinityEngine(accelerator: .none),
            "/e/bin/infinity_emb v2 --model-id /m --served-model-name n --host 127.0.0.1 --port 9000 --url-prefix /v1 "
                + "--device cpu --engine torch --no-bettertransformer --no-compile"
        ),
        (
            LMDeployEngine(),
            "/e/bin/lmdeploy serve api_server /m --server-name 127.0.0.1 --server-port 9000 --model-name n"
        ),
        (MLXEngine(), "/e/bin/mlx_lm.server --model /m --host 127.0.0.1 --port 9000"),
        (
            TransformersEngine(accelerator: .none),
            "/e/bin/transformers serve /m --host 127.0.0.1 --port 9000 --device cpu"
        ),
        (
            FastChatEngine(accelerator: .none),
            "/e/bin/python -u /e/fastchat_launcher.py --host 127.0.0.1 --port 9000 --model-path /m --model-names n "
                + "--device cpu"
        ),
    ]

    @Test("a deployment without settings", arguments: bareLines.indices)
    func plain(index: Int) throws {
        let (engine, line) = Self.bareLines[index]
        let kind: ModelKind = engine is TEIEngine || engine is InfinityEngine ? .embedding : .language
        #expect(try engine.plan(Self.launch(engine, kind: kind)).arguments.joined(separator: " ") == line)
    }

    @Test("FastChat leaves no files in the folder that SMMF runs in")
    func fastChatLogs() throws {
        #expect(try FastChatEngine(accelerator: .none).plan(Self.launch(FastChatEngine())).environment["LOGDIR"] == "")
    }

    static let tunedLines: [(engine: any Engine, tail: String)] = [
        (
            VLLMEngine(accelerator: .nvidia),
            "--max-model-len 4096 --max-num-seqs 8 --tensor-parallel-size 2 --gpu-memory-utilization 0.5 "
                + "--max-num-batched-tokens 2048"
        ),
        (
            SGLangEngine(accelerator: .nvidia),
            "--context-length 4096 --max-running-requests 8 --tp 2 --mem-fraction-static 0.5 --chunked-prefill-size 2048"
        ),
        (
            TGIEngine(),
            "--max-total-tokens 4096 --max-concurrent-requests 8 --num-shard 2 --cuda-memory-fraction 0.5 "
                + "--max-batch-prefill-tokens 2048"
        ),
        (
            TensorRTLLMEngine(),
            "--max_seq_len 4096 --max_batch_size 8 --tp_size 2 --kv_cache_free_gpu_memory_fraction 0.5 "
                + "--max_num_tokens 2048"
        ),
        (
            LMDeployEngine(),
            "--session-len 4096 --max-batch-size 8 --tp 2 --cache-max-entry-count 0.5 --max-prefill-token-num 2048"
        ),
    ]

    @Test("an engine for vectors takes its few settings, and refuses the others by name")
    func vectorSettings() throws {
        func plan(_ change: (inout EngineSpec) -> Void) throws -> [String] {
            try TEIEngine().plan(Self.launch(TEIEngine(), kind: .rerank, change)).arguments
        }
        let line = try plan {
            $0.parallel = 8
            $0.threads = 3
            $0.batchTokens = 2048
        }
        #expect(
            line.suffix(6) == [
                "--max-concurrent-requests", "8", "--tokenization-workers", "3", "--max-batch-tokens", "2048",
            ]
        )
        let failure = #expect(throws: InstanceFailure.self) { try plan { $0.context = 512 } }
        #expect(failure?.message.contains("context") == true)
    }

    @Test("the neutral settings become each engine's own flags", arguments: tunedLines.indices)
    func settings(index: Int) throws {
        let (engine, tail) = Self.tunedLines[index]
        let line = try engine.plan(Self.launch(engine, Self.full)).arguments.joined(separator: " ")
        #expect(line.hasSuffix(" \(tail)"), "\(line)")
    }

    @Test("adapters are named in the words of each engine")
    func adapters() throws {
        func line(_ engine: any Engine) throws -> String {
            try engine.plan(Self.launch(engine) { $0.adapters = ["b": "/b", "a": "/a"] }).arguments
                .joined(separator: " ")
        }
        #expect(try line(VLLMEngine(accelerator: .nvidia)).hasSuffix(" --enable-lora --lora-modules a=/a b=/b"))
        #expect(try line(SGLangEngine(accelerator: .nvidia)).hasSuffix(" --enable-lora --lora-paths a=/a b=/b"))
        #expect(try line(LMDeployEngine()).hasSuffix(" --adapters a=/a b=/b"))
        // One argument: its launcher takes no word without a flag.
        #expect(try line(TGIEngine()).hasSuffix(" --lora-adapters a=/a,b=/b"))
        for engine in [TensorRTLLMEngine(), OllamaEngine()] as [any Engine] {
            let failure = #expect(throws: InstanceFailure.self) { try line(engine) }
            #expect(failure?.message.contains("adapters") == true)
        }
        let failure = #expect(throws: InstanceFailure.self) { try line(MLXEngine()) }
        #expect(failure?.kind == .badArgument)
        let one = try MLXEngine().plan(Self.launch(MLXEngine()) { $0.adapters = ["a": "/a"] })
        #expect(one.arguments.suffix(2) == ["--adapter-path", "/a"])
    }

    @Test("a kind that an engine does not serve is refused before anything starts")
    func kinds() throws {
        for (engine, kind) in [
            (TEIEngine(), .language), (InfinityEngine(accelerator: .none), .language), (MLXEngine(), .embedding),
            (TGIEngine(), .rerank), (SGLangEngine(accelerator: .nvidia), .rerank),
        ] as [(any Engine, ModelKind)] {
            let failure = #expect(throws: InstanceFailure.self) { try engine.plan(Self.launch(engine, kind: kind)) }
            #expect(failure?.kind == .badArgument && failure?.message.contains(kind.rawValue) == true)
        }
        let pooling = try VLLMEngine(accelerator: .nvidia).plan(
            Self.launch(VLLMEngine(accelerator: .nvidia), kind: .embedding)
        )
        #expect(pooling.arguments.suffix(2) == ["--runner", "pooling"])
    }

    @Test("an engine that takes no name is called by its source")
    func servedNames() throws {
        for engine in [TGIEngine(), MLXEngine(), TransformersEngine(accelerator: .none)] as [any Engine] {
            #expect(try engine.plan(Self.launch(engine)).servedName == "/m")
        }
    }

    @Test("Ollama's settings and address are variables, and its list has the model under its whole name")
    func ollama() throws {
        let plan = try OllamaEngine().plan(
            Self.launch(OllamaEngine()) {
                $0.context = 4096
                $0.parallel = 2
            }
        )
        #expect(plan.arguments.prefix(2) == ["/bin/sh", "-c"])
        #expect(plan.arguments.suffix(3) == ["/bin/x", "/m:latest", "127.0.0.1:9000"])
        #expect(plan.environment["OLLAMA_CONTEXT_LENGTH"] == "4096" && plan.environment["OLLAMA_NUM_PARALLEL"] == "2")
        #expect(plan.readyPath == "/v1/models" && plan.isListed)
        for (source, name) in [
            ("qwen3", "qwen3:latest"), ("qwen3:8b", "qwen3:8b"), ("library/qwen3:8b", "qwen3:8b"),
            ("registry.ollama.ai/library/qwen3", "qwen3:latest"), ("me/own", "me/own:latest"),
            ("hf.co/a/b-GGUF:Q4_K_M", "hf.co/a/b-GGUF:Q4_K_M"), ("host:5000/a/b", "host:5000/a/b:latest"),
        ] {
            #expect(try OllamaEngine().plan(Self.launch(OllamaEngine()) { $0.source = source }).servedName == name)
        }
    }

    @Test("the engine openai-compatible takes settings by placeholders, and refuses one that has no effect")
    func commandSettings() throws {
        let engine = OpenAICompatibleEngine()
        func plan(_ arguments: [String]) throws -> LaunchPlan {
            var launch = try Self.launch(engine) {
                $0.context = 4096
                $0.arguments = arguments
            }
            launch.program = .none
            return try engine.plan(launch)
        }
        #expect(try plan(["/bin/e", "{port}", "--ctx={context}"]).arguments == ["/bin/e", "9000", "--ctx=4096"])
        let failure = #expect(throws: InstanceFailure.self) { try plan(["/bin/e", "{port}"]) }
        #expect(failure?.message.contains("context") == true)
    }
}
