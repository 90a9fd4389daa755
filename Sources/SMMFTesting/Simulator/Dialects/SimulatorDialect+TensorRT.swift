// SPDX-License-Identifier: MIT

import SMMFCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension SimulatorDialect {
    /// As TensorRT-LLM's `trtllm-serve`: answers to any name, has errors without an envelope, and tells its numbers only
    /// where a YAML file asks it to. It takes its port before it loads and listens on it afterwards.
    public static let tensorRT: SimulatorDialect = {
        var dialect = SimulatorDialect(name: "tensorrt-llm")
        dialect.health = ["/health": "", "/health_generate": ""]
        let shape = SimulatorOpenAI()
        dialect.forms = ["/v1/chat/completions": shape.chat, "/v1/completions": shape.completion]
        dialect.isOpen = { _ in true }
        dialect.error = { error in
            guard error.message != "File Not Found" else { return #"{"detail":"Not Found"}"# }
            let type = error.status < 500 ? "BadRequestError" : "InternalServerError"
            return #"{"object":"error","message":\#(SimulatorJSON.quote(error.message)),"type":"\#(type)","#
                + #""param":null,"code":\#(error.status)}"#
        }
        dialect.pages = [
            "GET /v1/models": SimulatorPages.models { _, _ in #""owned_by":"tensorrt_llm""# },
            "GET /version": { $0.json(#"{"version":"1.2.1"}"#) },
            "GET /server_info": { $0.json(#"{"disaggregated_params":{}}"#) },
            "GET /metrics": iterations,
            "POST /release_memory": { $0.json("{}") }, "POST /resume_memory": { $0.json("{}") },
        ]
        dialect.metrics = metrics
        dialect.program = program
        return dialect
    }()

    /// The list of what each step did since it was last read; an engine with nothing to do takes no steps.
    @Sendable private static func iterations(_ call: SimulatorCall) -> SimulatorPlan {
        let (script, stats) = (call.script, call.stats)
        guard stats.active + stats.waiting > 0 else { return call.json("[]") }
        let blocks = script.slots * script.contextLength / 32
        return call.json(
            #"[{"iter":\#(stats.tokens),"numActiveRequests":\#(stats.active),"numQueuedRequests":\#(stats.waiting),"#
                + #""maxNumActiveRequests":\#(script.slots),"kvCacheStats":{"maxNumBlocks":\#(blocks),"#
                + #""usedNumBlocks":\#(stats.active),"tokensPerBlock":32}}]"#
        )
    }

    private static let metrics = SimulatorMetrics(
        path: "/prometheus/metrics",
        prefix: "trtllm_",
        labels: { _ in "engine_type=\"undefined\",model_name=\"undefined\"" },
        numbers: [
            SimulatorMetrics.gauge("num_requests_running") { $0.active },
            SimulatorMetrics.gauge("num_requests_waiting") { $0.waiting },
            SimulatorMetrics.cacheUse("kv_cache_utilization"),
            SimulatorMetrics.counter("request_success_total", labels: "finished_reason=\"stop\"") { $0.finished },
        ]
    )

    /// What a small file says; it may be a pipe.
    private static func text(of path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    private static let program = SimulatedProgram(
        executable: "trtllm-serve",
        manner: .click,
        port: 8000,
        takesSource: true,
        flags: [
            .host("--host"), .port("--port"), .served("--served_model_name"),
            .choice("--backend", ["pytorch", "tensorrt", "trt", "_autodeploy"]),
            .choice("--log_level", ["internal_error", "error", "warning", "info", "verbose", "debug", "trace"]),
            .number("--max_seq_len") { $0.script.contextLength = $1 },
            .number("--max_batch_size") { $0.script.slots = max(1, $1) },
            SimulatedFlag(names: ["--config", "--extra_llm_api_options"]) { launch, values in
                guard let text = text(of: values[0]) else { return false }
                launch.script.metrics = text.contains("return_perf_metrics: true")
                return true
            },
            .number("--max_num_tokens"), .number("--tp_size", "--tensor_parallel_size"), .number("--max_beam_width"),
            .number("--pp_size", "--pipeline_parallel_size"), .number("--ep_size", "--moe_expert_parallel_size"),
            .value(
                "--kv_cache_free_gpu_memory_fraction",
                "--free_gpu_memory_fraction",
                "--tokenizer",
                "--revision",
                "--gpus_per_node",
                "--num_postprocess_workers",
                "--reasoning_parser",
                "--tool_parser",
                "--metadata_server_config_file",
                "--server_role",
                "--chat_template",
                "--media_io_kwargs"
            ),
            .flag("--trust_remote_code", "--enable_chunked_prefill"),
        ],
        prepare: { $0.script.metrics = false },
        // A folder is known by its last name.
        ownName: { $0.hasPrefix("/") ? $0.split(separator: "/").last.map(String.init) ?? $0 : $0 },
        loading: [
            "[01/08/2026-12:00:00] [TRT-LLM] [I] Using LLM with PyTorch backend",
            "Loading safetensors weights in parallel:  50%|#####     | 1/2 [00:01<00:01,  1.00s/it]",
            "[TensorRT-LLM][INFO] [MemUsageChange] Allocated 3.08 GiB for max tokens in paged KV cache (25280).",
        ],
        ready: ["INFO:     Application startup complete."],
        ending: .drained(nil),
        failures: [
            SimulatedFailure(.deviceUnusable, ["ValueError: No GPU devices found on the node"]),
            SimulatedFailure(
                .outOfMemory,
                [
                    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.",
                    "RuntimeError: Executor worker returned error",
                ]
            ),
            SimulatedFailure(
                .unsupportedModel,
                [
                    "ValueError: Unknown architecture for AutoModelForCausalLM: WonderForCausalLM",
                    "RuntimeError: Executor worker returned error",
                ]
            ),
            SimulatedFailure(
                .fileMissing,
                [
                    "huggingface_hub.errors.RepositoryNotFoundError: 404 Client Error.",
                    "OSError: /m is not a local folder and is not a valid model identifier listed on "
                        + "'https://huggingface.co/models'",
                ]
            ),
            SimulatedFailure(
                .fileCorrupt,
                ["safetensors_rust.SafetensorError: Error while deserializing header: InvalidHeaderDeserialization"]
            ),
            SimulatedFailure(
                .accessDenied,
                ["OSError: You are trying to access a gated repo. Make sure to have access to it."]
            ),
            SimulatedFailure(
                .portInUse,
                ["RuntimeError: Failed to bind socket to 127.0.0.1:8000: [Errno 98] Address already in use"]
            ),
        ]
    )
}
