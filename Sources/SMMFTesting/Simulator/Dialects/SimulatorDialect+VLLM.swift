// SPDX-License-Identifier: MIT

import SMMFCore

extension SimulatorDialect {
    /// As `vllm serve`: a role chunk first, `vllm:` metrics with labels, an unknown model is a 404.
    public static let vllm: SimulatorDialect = {
        var dialect = SimulatorDialect(name: "vllm")
        dialect.unknownModel = { name, script in
            script.models.contains(name)
                ? nil : SimulatorRequest.Invalid(status: 404, message: "The model `\(name)` does not exist.")
        }
        // Only what is under /v1 asks for the key.
        dialect.isOpen = { !$0.hasPrefix("/v1/") }
        dialect.error = { error in
            let types = [
                404: "NotFoundError", 4: "BadRequestError", 503: "ServiceUnavailableError", 0: "InternalServerError",
            ]
            return SimulatorOpenAI.error(error, types: types)
        }
        dialect.pages = [
            "GET /v1/models": SimulatorPages.models { id, script in
                #""owned_by":"vllm","root":\#(id),"parent":null,"max_model_len":\#(script.contextLength)"#
            },
            "GET /version": { $0.json(#"{"version":"0.33.0"}"#) },
            "GET /load": { $0.json(#"{"server_load":\#($0.stats.active + $0.stats.waiting)}"#) },
            "POST /tokenize": tokenize,
            "POST /sleep": SimulatorSleep.when(able: SimulatorSleep.sleep()),
            "POST /wake_up": SimulatorSleep.when(able: SimulatorSleep.wake()),
            "GET /is_sleeping": SimulatorSleep.when(able: SimulatorSleep.state),
        ]
        dialect.metrics = metrics
        dialect.program = program
        return dialect
    }()

    @Sendable private static func tokenize(_ call: SimulatorCall) -> SimulatorPlan {
        call.reading { body throws(SimulatorRequest.Invalid) in
            let messages = body.messages?.compactMap { $0.content?.joined }.joined(separator: " ")
            guard let text = body.prompt?.joined ?? messages else { throw SimulatorRequest.missing("prompt") }
            let ids = SimulatorCall.tokens(of: text).map { "\($0.id)" }
            return #"{"count":\#(ids.count),"max_model_len":\#(call.script.contextLength),"#
                + #""tokens":[\#(ids.joined(separator: ","))]}"#
        }
    }

    private static let metrics = SimulatorMetrics(
        prefix: "vllm:",
        labels: { "engine=\"0\",model_name=\(SimulatorJSON.quote($0.model))" },
        numbers: [
            SimulatorMetrics.gauge("num_requests_running") { $0.active },
            SimulatorMetrics.gauge("num_requests_waiting") { $0.waiting },
            SimulatorMetrics.gauge("kv_cache_usage_perc") { _ in 0 },
            SimulatorMetrics.counter("prompt_tokens_total") { $0.promptTokens },
            SimulatorMetrics.counter("generation_tokens_total") { $0.tokens },
            SimulatorMetrics.counter("num_preemptions_total") { _ in 0 },
            SimulatorMetrics.counter("request_success_total", labels: "finished_reason=\"stop\"") { $0.finished },
        ]
    )

    /// What sleeping needs: the flag, and the variable that opens the pages for it.
    private static let sleepSigns = ["sleep-mode", "development"]

    private static let program = SimulatedProgram(
        executable: "vllm",
        words: ["serve"],
        manner: .argparse,
        port: 8000,
        takesSource: true,
        flags: [
            .host("--host"), .port("--port"), .served("--served-model-name"), .key("--api-key"),
            .number("--max-model-len") { $0.script.contextLength = $1 },
            .number("--max-num-seqs") { $0.script.slots = max(1, $1) },
            .number("--tensor-parallel-size", "-tp"), .number("--pipeline-parallel-size"),
            .number("--max-num-batched-tokens"),
            .choice("--runner", ["auto", "generate", "pooling", "draft"]),
            .choice("--dtype", ["auto", "half", "float16", "bfloat16", "float", "float32"]),
            .value("--quantization", "-q", "--gpu-memory-utilization", "--kv-cache-dtype", "--download-dir", "--seed"),
            SimulatedFlag(names: ["--lora-modules"], takes: .many) { _, _ in true },
            .flag("--enable-lora", "--enforce-eager", "--trust-remote-code", "--enable-prefix-caching"),
            SimulatedFlag(names: ["--enable-sleep-mode"], takes: .nothing) { launch, _ in
                note(sleepSigns[0], in: &launch)
                return true
            },
        ],
        variables: [
            "VLLM_API_KEY": { $0.script.apiKey = $1 },
            "VLLM_SERVER_DEV_MODE": { launch, value in if value == "1" { note(sleepSigns[1], in: &launch) } },
        ],
        loading: [
            "INFO 11-30 00:00:01 [gpu_model_runner.py:4012] Starting to load model /m...",
            "Loading safetensors checkpoint shards:  50% Completed | 1/2 [00:01<00:01,  1.00s/it]",
            "INFO 11-30 00:00:03 [default_loader.py:314] Loading weights took 2.00 seconds",
            "INFO 11-30 00:00:04 [kv_cache_utils.py:1087] GPU KV cache size: 131,072 tokens",
        ],
        ready: ["INFO:     Application startup complete."],
        // Its shutdown timeout is zero unless it is told one.
        ending: .atOnce(0),
        failures: [
            SimulatedFailure(
                .outOfMemory,
                [
                    "ValueError: Free memory on device cuda:0 (3.2/79.1 GiB) on startup is less than desired GPU memory "
                        + "utilization (0.92, 72.8 GiB).",
                    "RuntimeError: Engine core initialization failed. See root cause above.",
                ]
            ),
            SimulatedFailure(.outOfMemory, ["torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB."]),
            SimulatedFailure(
                .unsupportedModel,
                ["ValueError: Model architectures ['WonderForCausalLM'] are not supported for now."]
            ),
            SimulatedFailure(.fileMissing, ["OSError: /m does not appear to have a file named config.json."]),
            SimulatedFailure(
                .fileCorrupt,
                ["safetensors_rust.SafetensorError: Error while deserializing header: incomplete metadata"]
            ),
            SimulatedFailure(.portInUse, ["OSError: [Errno 98] Address already in use"]),
        ]
    )

    /// Notes one of what sleeping needs; it can when it has both.
    private static func note(_ sign: String, in launch: inout SimulatedLaunch) {
        launch.numbers[sign] = 1
        launch.script.canSleep = sleepSigns.allSatisfy { [numbers = launch.numbers] in numbers[$0] != nil }
    }
}
