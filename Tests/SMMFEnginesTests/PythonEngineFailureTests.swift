// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@testable import SMMFEngines

/// What engines print when a start fails, as they printed it, and what is read from it.
@Suite("Failures of engines in Python")
struct PythonEngineFailureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let engine: any Engine
        let lines: [String]
        let kind: InstanceFailure.Kind
        let message: String

        var testDescription: String { "\(engine.name): \(kind.rawValue)" }
    }

    private static let vllm = VLLMEngine(accelerator: .none)
    private static let coreFailed =
        "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {'EngineCore_0': 1}"

    static let cases = [
        Case(
            engine: vllm,
            lines: [
                "(EngineCore pid=1) ERROR EngineCore failed to start.",
                "(EngineCore pid=1) ERROR ValueError: To serve at least one request with the model's max seq len "
                    + "(2000000), (1.91 GiB KV cache is needed, which is larger than the available KV cache memory "
                    + "(1.0 GiB). Based on the available memory, the estimated maximum model length is 1048448. Try "
                    + "increasing `gpu_memory_utilization` or decreasing `max_model_len`.",
                coreFailed,
            ],
            kind: .outOfMemory,
            message: "1048448 tokens do"
        ),
        Case(
            engine: vllm,
            lines: [
                "pydantic_core._pydantic_core.ValidationError: 1 validation error for ModelConfig",
                "  Value error, User-specified max_model_len (100000) is greater than the derived max_model_len "
                    + "(max_position_embeddings=512.0 or model_max_length=None in model's config.json).",
            ],
            kind: .badArgument,
            message: "512 tokens"
        ),
        Case(
            engine: vllm,
            lines: [
                "ValueError: Available memory on node 0 (11.12/13.71 GiB) on kv cache allocation is less than "
                    + "requested memory for kv (64.0 GiB). Decrease --kv-cache-memory-bytes.",
                coreFailed,
            ],
            kind: .outOfMemory,
            message: "in use by others"
        ),
        Case(
            engine: vllm,
            lines: [
                "safetensors._safetensors_rust.SafetensorError: Error while deserializing header: incomplete "
                    + "metadata, file not fully covered", coreFailed,
            ],
            kind: .fileCorrupt,
            message: "cut off"
        ),
        Case(
            engine: vllm,
            lines: [
                "huggingface_hub.errors.HFValidationError: Repo id must be in the form 'repo_name' or "
                    + "'namespace/repo_name': '/no/such/model'. Use `repo_type` argument if needed."
            ],
            kind: .fileMissing,
            message: "no such model"
        ),
        Case(
            engine: vllm,
            lines: ["Value error, Sleep mode is not supported on current platform."],
            kind: .badArgument,
            message: "Sleep mode"
        ),
        Case(
            engine: vllm,
            lines: ["RuntimeError: Unsupported CPU attention configuration: head_dim=16 isa=2 kv_cache_idx=0"],
            kind: .unsupportedModel,
            message: "architecture"
        ),
        Case(
            engine: vllm,
            lines: ["OSError: [Errno 98] Address already in use"],
            kind: .portInUse,
            message: "port"
        ),
        Case(
            engine: SGLangEngine(accelerator: .none),
            lines: [
                "  File \"rotary_embedding.py\"", "ModuleNotFoundError: No module named 'vllm'",
                "Received sigquit from a child process. It usually means the child failed.",
            ],
            kind: .engineMissing,
            message: "vllm"
        ),
        Case(
            engine: SGLangEngine(accelerator: .nvidia),
            lines: ["RuntimeError: Not enough memory. Please try to increase --mem-fraction-static."],
            kind: .outOfMemory,
            message: "SGLang"
        ),
        Case(
            engine: MLXEngine(),
            lines: [
                "huggingface_hub.errors.HFValidationError: Repo id must be in the form 'repo_name' or "
                    + "'namespace/repo_name': '/no/such'."
            ],
            kind: .fileMissing,
            message: "no such model"
        ),
        Case(
            engine: LMDeployEngine(),
            lines: ["RuntimeError: Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU"],
            kind: .deviceUnusable,
            message: "NVIDIA"
        ),
        Case(
            engine: LMDeployEngine(),
            lines: ["lmdeploy: error: argument --device: invalid choice: 'cpu' (choose from 'cuda', 'ascend')"],
            kind: .badArgument,
            message: "--device"
        ),
        Case(
            engine: TransformersEngine(accelerator: .none),
            lines: [
                "huggingface_hub.errors.GatedRepoError: 401 Client Error. Cannot access gated repo for url "
                    + "https://huggingface.co/x/y/resolve/main/config.json."
            ],
            kind: .accessDenied,
            message: "gated"
        ),
        Case(
            engine: TGIEngine(),
            lines: ["RuntimeError: Not enough memory to handle 4096 prefill tokens. You need to decrease"],
            kind: .outOfMemory,
            message: "4096 tokens"
        ),
        Case(
            engine: OllamaEngine(),
            lines: ["Error: pull model manifest: file does not exist"],
            kind: .fileMissing,
            message: "library"
        ),
    ]

    @Test("each text is read as its cause", arguments: cases)
    func read(_ given: Case) throws {
        let failure = try #require(given.engine.failure(in: given.lines, exit: .code(1)))
        #expect(failure.kind == given.kind && failure.message.contains(given.message), "\(failure)")
        #expect(failure.nextStep != nil && !failure.evidence.isEmpty)
    }

    @Test("a context that fits is taken from the text")
    func fittingContext() throws {
        let failure = try #require(Self.vllm.failure(in: Self.cases[0].lines, exit: .code(1)))
        #expect(failure.fittingContext == 1_048_448)
        #expect(Self.vllm.failure(in: Self.cases[2].lines, exit: .code(1))?.fittingContext == nil)
    }

    @Test("progress is read from the engines' own words")
    func progress() {
        let shards = "Loading safetensors checkpoint shards:  45% Completed | 5/11 [00:03<00:04,  1.50it/s]"
        #expect(Self.vllm.progress(in: shards) == LoadingProgress(fraction: 0.45, text: "reading the weights"))
        let graphs = "Capturing CUDA graphs (decode, FULL): 100%|██████████| 35/35 [00:01<00:00, 20.1it/s]"
        #expect(Self.vllm.progress(in: graphs)?.fraction == 1)
        #expect(Self.vllm.progress(in: "GPU KV cache size: 12,345 tokens")?.text == "setting up the key-value cache")
        #expect(Self.vllm.progress(in: "INFO 200 OK") == nil)
    }

    @Test("load is read in the engines' own names")
    func load() {
        let tgi = "tgi_batch_current_size 3\ntgi_queue_size 2\ntgi_request_generated_tokens_sum 900"
        #expect(TGIEngine().load(from: tgi) == LoadRecord(running: 3, waiting: 2, generatedTokens: 900))
        let tensorRT = "trtllm_num_requests_running 1\ntrtllm_num_requests_waiting 4\ntrtllm_kv_cache_utilization 0.5"
        #expect(TensorRTLLMEngine().load(from: tensorRT) == LoadRecord(running: 1, waiting: 4, cacheUse: 0.5))
        let lmDeploy = "lmdeploy:num_requests_running{a=\"b\"} 1\nlmdeploy:num_requests_waiting 0"
        #expect(LMDeployEngine().load(from: lmDeploy) == LoadRecord(running: 1, waiting: 0))
    }
}
