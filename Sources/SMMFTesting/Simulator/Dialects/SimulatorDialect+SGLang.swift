// SPDX-License-Identifier: MIT

import SMMFCore

extension SimulatorDialect {
    /// As SGLang's server: answers to any name, errors without an envelope, and memory that is given up only by an engine
    /// that has nothing to do: the scheduler of one that works fails an assertion and dies.
    public static let sglang: SimulatorDialect = {
        var dialect = SimulatorDialect(name: "sglang")
        dialect.health = ["/ready": "", "/health": "", "/health_generate": ""]
        dialect.isOpen = { ["/ready", "/health", "/health_generate", "/metrics"].contains($0) }
        dialect.error = { error in
            guard error.message != "File Not Found" else { return #"{"detail":"Not Found"}"# }
            let type = error.status < 500 ? "BadRequestError" : "InternalServerError"
            return #"{"object":"error","message":\#(SimulatorJSON.quote(error.message)),"type":"\#(type)","#
                + #""param":null,"code":\#(error.status)}"#
        }
        dialect.pages = [
            "GET /v1/models": SimulatorPages.models { id, script in
                #""owned_by":"sglang","root":\#(id),"max_model_len":\#(script.contextLength)"#
            },
            "POST /release_memory_occupation": release, "POST /resume_memory_occupation": resume,
        ]
        dialect.metrics = metrics
        dialect.program = program
        return dialect
    }()

    @Sendable private static func release(_ call: SimulatorCall) -> SimulatorPlan {
        guard !call.body.isEmpty else { return call.planner.page(422, #"{"detail":[{"msg":"Field required"}]}"#) }
        guard call.stats.active + call.stats.waiting == 0, !call.script.isAsleep else {
            return SimulatorPlan(steps: [.drop(.exit)], cost: .free)
        }
        // Without the allocator for it, nothing is given up and nothing said.
        guard call.script.canSleep else { return call.json("null") }
        return SimulatorSleep.sleep(answer: "null")(call)
    }

    @Sendable private static func resume(_ call: SimulatorCall) -> SimulatorPlan {
        guard !call.body.isEmpty else { return call.planner.page(422, #"{"detail":[{"msg":"Field required"}]}"#) }
        guard call.script.isAsleep || !call.script.canSleep else {
            return SimulatorPlan(steps: [.drop(.exit)], cost: .free)
        }
        return SimulatorSleep.wake(answer: "null")(call)
    }

    private static let metrics = SimulatorMetrics(
        prefix: "sglang:",
        labels: { "model_name=\(SimulatorJSON.quote($0.model))" },
        numbers: [
            SimulatorMetrics.gauge("num_running_reqs") { $0.active },
            SimulatorMetrics.gauge("num_queue_reqs") { $0.waiting },
            SimulatorMetrics.cacheUse("token_usage"),
            SimulatorMetrics.counter("prompt_tokens_total") { $0.promptTokens },
            SimulatorMetrics.counter("generation_tokens_total") { $0.tokens },
        ]
    )

    private static let program = SimulatedProgram(
        executable: "sglang",
        words: ["serve"],
        manner: .argparse,
        port: 30_000,
        flags: [
            .source("--model-path", "--model"), .host("--host"), .port("--port"), .served("--served-model-name"),
            .key("--api-key"),
            SimulatedFlag(names: ["--enable-metrics"], takes: .nothing) { launch, _ in
                launch.script.metrics = true
                return true
            },
            SimulatedFlag(names: ["--enable-memory-saver"], takes: .nothing) { launch, _ in
                launch.script.canSleep = true
                return true
            },
            .flag("--enable-weights-cpu-backup", "--is-embedding", "--enable-lora", "--trust-remote-code"),
            .number("--context-length") { $0.script.contextLength = $1 },
            .number("--max-running-requests") { $0.script.slots = max(1, $1) },
            .number("--tp", "--tensor-parallel-size"), .number("--chunked-prefill-size"), .number("--max-total-tokens"),
            .choice("--device", ["cuda", "cpu", "xpu", "hpu", "npu"]),
            .value("--quantization", "--mem-fraction-static", "--dtype", "--kv-cache-dtype", "--download-dir"),
            SimulatedFlag(names: ["--lora-paths"], takes: .many) { _, _ in true },
        ],
        prepare: { $0.script.metrics = false },
        loading: [
            "[2026-11-30 00:00:01] Load weight begin. avail mem=78.58 GB",
            "Loading safetensors checkpoint shards:  50% Completed | 1/2 [00:01<00:01,  1.00s/it]",
            "[2026-11-30 00:00:03] Load weight end. type=Qwen3ForCausalLM, avail mem=63.20 GB, mem usage=15.38 GB.",
            "[2026-11-30 00:00:04] KV Cache is allocated. #tokens: 131072, K size: 9.00 GB, V size: 9.00 GB",
        ],
        ready: ["[2026-11-30 00:00:05] The server is fired up and ready to roll!"],
        ending: .drained(0),
        failures: [
            SimulatedFailure(
                .outOfMemory,
                ["RuntimeError: Not enough memory. Please try to increase --mem-fraction-static."]
            ),
            SimulatedFailure(.outOfMemory, ["torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB."]),
            SimulatedFailure(
                .unsupportedModel,
                ["ValueError: Model architectures ['WonderForCausalLM'] are not supported for now."]
            ),
            SimulatedFailure(.fileMissing, ["OSError: /m does not appear to have a file named config.json."]),
            SimulatedFailure(.portInUse, ["OSError: [Errno 98] address already in use"]),
        ]
    )
}
