// SPDX-License-Identifier: MIT

import SMMFCore

extension SimulatorDialect {
    /// As LMDeploy's `api_server`: an unknown model is a 404, errors have no envelope, and health is a word in JSON.
    public static let lmDeploy: SimulatorDialect = {
        var dialect = SimulatorDialect(name: "lmdeploy")
        dialect.health = ["/health": #"{"status":"healthy"}"#]
        dialect.forms = SimulatorOpenAI(saysNullUsage: true).forms
        dialect.unknownModel = { name, script in
            script.models.contains(name)
                ? nil : SimulatorRequest.Invalid(status: 404, message: "The model '\(name)' does not exist.")
        }
        dialect.isOpen = { ["/health", "/metrics"].contains($0) }
        dialect.error = { error in
            guard error.message != "File Not Found" else { return #"{"detail":"Not Found"}"# }
            let type =
                switch error.status {
                case 401: "authentication_error"
                case 404: "not_found_error"
                case 400..<500: "invalid_request_error"
                default: "server_error"
                }
            return #"{"message":\#(SimulatorJSON.quote(error.message)),"type":"\#(type)","code":\#(error.status),"#
                + #""param":null,"object":"error"}"#
        }
        dialect.pages = [
            "GET /v1/models": SimulatorPages.models { id, _ in
                #""owned_by":"lmdeploy","root":\#(id),"parent":null,"permission":[]"#
            },
            "GET /is_sleeping": SimulatorSleep.state, "POST /sleep": SimulatorSleep.sleep(),
            "POST /wakeup": SimulatorSleep.wake(),
        ]
        dialect.asleep = SimulatorError(503, "Engine is sleeping; call POST /wakeup before inference.")
        dialect.metrics = metrics
        dialect.program = program
        return dialect
    }()

    private static let metrics = SimulatorMetrics(
        prefix: "lmdeploy:",
        labels: { "engine=\"0\",model_name=\(SimulatorJSON.quote($0.model))" },
        numbers: [
            SimulatorMetrics.gauge("num_requests_running") { $0.active },
            SimulatorMetrics.gauge("num_requests_waiting") { $0.waiting },
            SimulatorMetrics.cacheUse("gpu_cache_usage_perc"),
            SimulatorMetrics.counter("prompt_tokens_total") { $0.promptTokens },
            SimulatorMetrics.counter("generation_tokens_total") { $0.tokens },
            SimulatorMetrics.counter("request_success_total", labels: "finished_reason=\"stop\"") { $0.finished },
        ]
    )

    private static let program = SimulatedProgram(
        executable: "lmdeploy",
        words: ["serve", "api_server"],
        manner: .argparse,
        port: 23_333,
        takesSource: true,
        flags: [
            .host("--server-name"), .port("--server-port"), .served("--model-name"),
            SimulatedFlag(names: ["--api-keys"], takes: .many) { launch, values in
                launch.script.apiKey = values.first
                return true
            },
            .number("--session-len") { $0.script.contextLength = $1 },
            .number("--max-batch-size") { $0.script.slots = max(1, $1) },
            SimulatedFlag(names: ["--disable-metrics"], takes: .nothing) { launch, _ in
                launch.script.metrics = false
                return true
            },
            .choice("--model-format", ["hf", "awq", "gptq", "compressed-tensors", "fp8", "mxfp4"]),
            .choice("--dtype", ["auto", "float16", "bfloat16"]), .choice("--backend", ["pytorch", "turbomind"]),
            .choice("--device", ["cuda", "ascend", "maca", "camb"]),
            .number("--tp"), .number("--dp"), .number("--ep"), .number("--cp"), .number("--max-prefill-token-num"),
            .number("--max-concurrent-requests"), .number("--cache-block-seq-len"), .number("--quant-policy"),
            .value(
                "--cache-max-entry-count",
                "--log-level",
                "--max-log-len",
                "--chat-template",
                "--tool-call-parser",
                "--reasoning-parser",
                "--revision",
                "--download-dir",
                "--proxy-url",
                "--rope-scaling-factor",
                "--communicator",
                "--distributed-executor-backend",
                "--hf-overrides"
            ),
            SimulatedFlag(names: ["--adapters", "--allow-origins"], takes: .many) { _, _ in true },
            .flag(
                "--trust-remote-code",
                "--eager-mode",
                "--enable-prefix-caching",
                "--enable-abort-handling",
                "--disable-fastapi-docs",
                "--ssl",
                "--enable-microbatch"
            ),
        ],
        loading: [
            "Loading weights from safetensors:  50%|#####     | 1/2 [00:01<00:01,  1.00s/it]",
            "Convert to turbomind format:  75%|#######   | 24/32 [00:03<00:01,  7.90it/s]",
        ],
        ready: [
            "INFO:     Application startup complete.",
            "HINT:    Please open http://127.0.0.1:23333 in a browser for detailed api usage!!!",
        ],
        ending: .drained(nil),
        failures: [
            SimulatedFailure(
                .deviceUnusable,
                [
                    "RuntimeError: Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and "
                        + "installed a driver"
                ]
            ),
            SimulatedFailure(
                .outOfMemory,
                ["torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.16 GiB."]
            ),
            SimulatedFailure(
                .outOfMemory,
                ["[TM][FATAL] src/turbomind/core/allocator.cc(49): Check failed: out of memory"],
                signal: 6
            ),
            SimulatedFailure(
                .badArgument,
                [
                    "lmdeploy serve api_server: error: argument --device: invalid choice: 'cpu' (choose from 'cuda', "
                        + "'ascend', 'maca', 'camb')"
                ],
                exitCode: 2
            ),
            SimulatedFailure(
                .unsupportedModel,
                [
                    "ValueError: The checkpoint you are trying to load has model type `wonder` but Transformers does not "
                        + "recognize this architecture."
                ]
            ),
            SimulatedFailure(
                .fileMissing,
                ["OSError: /m does not appear to have a file named config.json."]
            ),
            SimulatedFailure(
                .fileCorrupt,
                [
                    "safetensors_rust.SafetensorError: Error while deserializing header: incomplete metadata, file not "
                        + "fully covered"
                ]
            ),
            SimulatedFailure(
                .portInUse,
                [
                    "ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 23333): address "
                        + "already in use"
                ]
            ),
        ]
    )
}
