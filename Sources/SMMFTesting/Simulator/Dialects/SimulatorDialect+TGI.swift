// SPDX-License-Identifier: MIT

import SMMFCore

extension SimulatorDialect {
    /// As Text Generation Inference 3.3: answers to any name and says its source back, tells the role in each chunk, and
    /// has errors of its own shape. Its port opens when the shards are ready.
    public static let tgi: SimulatorDialect = {
        var dialect = SimulatorDialect(name: "tgi")
        dialect.head = []
        dialect.health = ["/health": "", "/ping": "", "/": ""]
        let shape = SimulatorOpenAI(
            role: .everyChunk,
            fingerprint: "3.3.7-sim",
            hasID: false,
            saysNullUsage: true,
            isTight: true
        )
        dialect.forms = [
            "/v1/chat/completions": shape.chat, "/v1/completions": shape.completion, "/generate": native,
            "/generate_stream": nativeStream,
        ]
        // The key is asked for where something is made.
        dialect.isOpen = { ["/", "/health", "/ping", "/info", "/metrics", "/v1/models"].contains($0) }
        dialect.error = { error in
            guard error.message != "File Not Found" else { return "" }
            let type =
                switch error.status {
                case 400, 422: "validation"
                case 424: "generation"
                case 429: "overloaded"
                case 503: "healthcheck"
                default: "incomplete_generation"
                }
            return #"{"error":\#(SimulatorJSON.quote(error.message)),"error_type":"\#(type)"}"#
        }
        dialect.overload = SimulatorError(429, "Model is overloaded")
        dialect.pages = [
            "GET /v1/models": SimulatorPages.models(created: 0) { id, _ in #""owned_by":\#(id)"# },
            "GET /info": info, "POST /tokenize": tokenize,
        ]
        dialect.metrics = metrics
        dialect.program = program
        return dialect
    }()

    // MARK: Its own paths

    private static let readNative: SimulatorForm.Read = { body, _ throws(SimulatorRequest.Invalid) in
        guard let text = body.inputs?.joined else {
            throw SimulatorRequest.Invalid(status: 422, message: "missing field `inputs`")
        }
        var request = SimulatorRequest(.completion, prompt: text)
        request.limit = body.parameters?.maxNewTokens
        request.isStream = body.stream ?? false
        return request
    }

    private static let native = SimulatorForm(
        read: { body, script throws(SimulatorRequest.Invalid) in
            var request = try readNative(body, script)
            request.isStream = false
            return request
        },
        whole: { #"{"generated_text":\#(SimulatorJSON.quote($0.pieces.joined()))}"# }
    )

    private static let nativeStream = SimulatorForm(
        read: { body, script throws(SimulatorRequest.Invalid) in
            var request = try readNative(body, script)
            request.isStream = true
            return request
        },
        whole: { _ in "" },
        stream: { answer in
            let last = answer.pieces.count - 1
            return answer.pieces.enumerated().map { index, piece in
                let text = SimulatorJSON.quote(piece)
                let id = SimulatorText.hash(piece) % 32_000
                let reason = answer.isCut ? "length" : "eos_token"
                let whole = index == last ? SimulatorJSON.quote(answer.pieces.joined()) : "null"
                let details =
                    index == last
                    ? #"{"finish_reason":"\#(reason)","generated_tokens":\#(last + 1),"seed":null,"#
                        + #""input_length":\#(answer.request.promptTokens)}"# : "null"
                return .init(
                    text: #"{"index":\#(index + 1),"token":{"id":\#(id),"text":\#(text),"logprob":-0.5,"#
                        + #""special":false},"generated_text":\#(whole),"details":\#(details)}"#,
                    tokens: 1
                )
            }
        },
        hasDone: false,
        isTight: true
    )

    @Sendable private static func info(_ call: SimulatorCall) -> SimulatorPlan {
        let length = call.script.contextLength
        return call.json(
            #"{"model_id":\#(SimulatorJSON.quote(call.script.model)),"model_sha":null,"model_pipeline_tag":null,"#
                + #""max_concurrent_requests":\#(call.script.slots),"max_best_of":2,"max_stop_sequences":4,"#
                + #""max_input_tokens":\#(length - 1),"max_total_tokens":\#(length),"validation_workers":2,"#
                + #""max_client_batch_size":4,"router":"text-generation-router","version":"3.3.7","sha":null,"#
                + #""docker_label":null}"#
        )
    }

    @Sendable private static func tokenize(_ call: SimulatorCall) -> SimulatorPlan {
        call.reading { body throws(SimulatorRequest.Invalid) in
            guard let text = body.inputs?.joined else {
                throw SimulatorRequest.Invalid(status: 422, message: "missing field `inputs`")
            }
            let tokens = SimulatorCall.tokens(of: text).map {
                #"{"id":\#($0.id),"text":\#(SimulatorJSON.quote($0.text)),"start":0,"stop":\#($0.text.count)}"#
            }
            return "[" + tokens.joined(separator: ",") + "]"
        }
    }

    private static let metrics = SimulatorMetrics(
        prefix: "tgi_",
        numbers: [
            SimulatorMetrics.counter("request_count") { $0.started },
            SimulatorMetrics.counter("request_success") { $0.finished },
            SimulatorMetrics.counter("request_failure", labels: "err=\"generation\"") { $0.faulted },
            SimulatorMetrics.counter("request_generated_tokens_sum") { $0.tokens },
            SimulatorMetrics.counter("request_generated_tokens_count") { $0.finished },
            SimulatorMetrics.gauge("batch_current_size") { $0.active },
            SimulatorMetrics.gauge("batch_current_max_tokens") { $0.active * 4_096 },
            SimulatorMetrics.gauge("queue_size") { $0.waiting },
        ]
    )

    // MARK: Its launcher

    private static let program = SimulatedProgram(
        executable: "text-generation-launcher",
        manner: .clap,
        port: 3000,
        flags: [
            .source("--model-id"), .host("--hostname"), .port("--port", "-p"), .key("--api-key"),
            .number("--max-total-tokens") { $0.script.contextLength = $1 },
            .number("--max-concurrent-requests") { ($0.script.slots, $0.script.queueLimit) = (max(1, $1), 0) },
            .number("--max-batch-prefill-tokens") { $0.numbers["prefill"] = $1 },
            .number("--max-input-tokens", "--max-input-length") { $0.numbers["input"] = $1 },
            .choice(
                "--quantize",
                [
                    "awq", "compressed-tensors", "eetq", "exl2", "gptq", "marlin", "bitsandbytes", "bitsandbytes-nf4",
                    "bitsandbytes-fp4", "fp8",
                ]
            ),
            .choice("--dtype", ["float16", "bfloat16"]), .choice("--sharded", ["true", "false"]),
            .value(
                "--revision",
                "--num-shard",
                "--speculate",
                "--kv-cache-dtype",
                "--max-best-of",
                "--max-stop-sequences",
                "--max-top-n-tokens",
                "--waiting-served-ratio",
                "--max-batch-total-tokens",
                "--max-waiting-tokens",
                "--max-batch-size",
                "--cuda-graphs",
                "--prometheus-port",
                "--shard-uds-path",
                "--master-addr",
                "--master-port",
                "--huggingface-hub-cache",
                "--weights-cache-override",
                "--cuda-memory-fraction",
                "--rope-scaling",
                "--rope-factor",
                "--otlp-endpoint",
                "--cors-allow-origin",
                "--tokenizer-config-path",
                "--max-client-batch-size",
                "--lora-adapters",
                "--usage-stats",
                "--payload-limit",
                "--graceful-termination-timeout",
                "--validation-workers"
            ),
            .flag("--trust-remote-code", "--disable-custom-kernels", "--json-output", "--disable-grammar-support"),
        ],
        variables: ["API_KEY": { $0.script.apiKey = $1 }],
        check: { launch in
            guard let prefill = launch.numbers["prefill"], let input = launch.numbers["input"], prefill < input else {
                return nil
            }
            let why = "`max_batch_prefill_tokens` must be >= `max_input_tokens`. Given: \(prefill) and \(input)"
            return SimulatedProgram.Refusal(lines: ["Error: ArgumentValidation(\"\(why)\")"], exitCode: 1)
        },
        loading: [
            line("INFO", "Starting check and download process for sim"),
            line("INFO", "Successfully downloaded weights for sim"), line("INFO", "Starting shard"),
            line("INFO", "Shard ready in 3.6s"), line("INFO", "Starting Webserver"),
        ],
        ready: ["2026-01-08T12:00:04.000000Z  INFO text_generation_router: router/src/server.rs: Connected"],
        ending: .drained(0),
        failures: failures
    )

    private static func line(_ level: String, _ text: String) -> String {
        "2026-01-08T12:00:00.000000Z  \(level) text_generation_launcher: \(text)"
    }

    private static func shard(_ kind: InstanceFailure.Kind, _ lines: [String]) -> SimulatedFailure {
        SimulatedFailure(
            kind,
            [line("ERROR", "Shard complete standard error output:"), ""] + lines + [
                line("ERROR", "Shard 0 failed to start"), line("INFO", "Shutting down shards"),
                "Error: ShardCannotStart",
            ]
        )
    }

    private static let failures = [
        shard(
            .outOfMemory,
            [
                "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.96 GiB. GPU 0 has a total capacity of 8 GiB"
            ]
        ),
        shard(
            .outOfMemory,
            [
                "RuntimeError: Not enough memory to handle 4096 prefill tokens. You need to decrease "
                    + "`--max-batch-prefill-tokens`"
            ]
        ),
        shard(.unsupportedModel, ["ValueError: Unsupported model type wonder"]),
        shard(.fileCorrupt, ["safetensors_rust.SafetensorError: Error while deserializing header: HeaderTooLarge"]),
        shard(.deviceUnusable, ["RuntimeError: Found no NVIDIA driver on your system."]),
        SimulatedFailure(
            .deviceUnusable,
            ["Error: NotEnoughCUDADevices(\"`sharded` is true but only found 1 CUDA devices\")"]
        ),
        SimulatedFailure(
            .badArgument,
            [
                "Error: ArgumentValidation(\"`max_batch_prefill_tokens` must be >= `max_input_tokens`. "
                    + "Given: 1024 and 4095\")"
            ]
        ),
        SimulatedFailure(
            .fileMissing,
            [
                line("ERROR", "Download encountered an error:"),
                "huggingface_hub.errors.HFValidationError: Repo id must be in the form 'repo_name' or "
                    + "'namespace/repo_name'", "Error: DownloadError",
            ]
        ),
        SimulatedFailure(
            .accessDenied,
            [
                line("ERROR", "Download encountered an error:"),
                "huggingface_hub.errors.GatedRepoError: 401 Client Error.", "Error: DownloadError",
            ]
        ),
        SimulatedFailure(
            .portInUse,
            [
                "Error: Axum(Os { code: 98, kind: AddrInUse, message: \"Address already in use\" })",
                line("ERROR", "Webserver Crashed"), "Error: WebserverFailed",
            ]
        ),
    ]
}
