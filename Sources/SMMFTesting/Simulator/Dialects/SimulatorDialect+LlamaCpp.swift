// SPDX-License-Identifier: MIT

extension SimulatorDialect {
    /// As `llama-server`: no role chunk, `timings`, `llamacpp:` metrics, any model name is answered.
    public static let llamaCpp: SimulatorDialect = {
        var dialect = SimulatorDialect(name: "llama.cpp")
        dialect.head = ["server: llama.cpp"]
        dialect.openHead = ["keep-alive: timeout=5, max=100"]
        dialect.health = ["/health": #"{"status":"ok"}"#, "/v1/health": #"{"status":"ok"}"#]
        let shape = SimulatorOpenAI(role: .nowhere, fingerprint: "b0-sim", hasTimings: true)
        dialect.forms = shape.forms.merging([
            "/chat/completions": shape.chat, "/embeddings": shape.embedding,
        ]) { own, _ in own }
        dialect.isOpen = { $0 == "/health" || $0 == "/v1/health" }
        dialect.error = { error in
            let type =
                switch error.status {
                case 401: "authentication_error"
                case 404: "not_found_error"
                case 400..<500: "invalid_request_error"
                case 501: "not_supported_error"
                case 503: "unavailable_error"
                default: "server_error"
                }
            let message = SimulatorJSON.quote(error.message)
            return #"{"error":{"code":\#(error.status),"message":\#(message),"type":"\#(type)"}}"#
        }
        let models = SimulatorPages.models { _, script in
            let length = script.contextLength
            return #""owned_by":"llamacpp","meta":{"n_ctx":\#(length),"n_ctx_train":\#(length)}"#
        }
        dialect.pages = [
            "GET /v1/models": models, "GET /models": models, "GET /props": { $0.json(props($0.script)) },
            "GET /slots": { $0.json(slots($0.script, $0.stats)) }, "POST /tokenize": tokenize,
        ]
        dialect.metrics = metrics
        return dialect
    }()

    private static func props(_ script: SimulatorScript) -> String {
        #"{"default_generation_settings":{"n_ctx":\#(script.contextLength)},"total_slots":\#(script.slots),"#
            + #""model_alias":\#(SimulatorJSON.quote(script.model)),"model_path":"sim.gguf","#
            + #""endpoint_slots":true,"endpoint_props":true,"endpoint_metrics":\#(script.metrics)}"#
    }

    private static func slots(_ script: SimulatorScript, _ stats: SimulatorStats) -> String {
        let list = (0..<script.slots).map {
            #"{"id":\#($0),"n_ctx":\#(script.contextLength),"is_processing":\#($0 < stats.active)}"#
        }
        return "[" + list.joined(separator: ",") + "]"
    }

    @Sendable private static func tokenize(_ call: SimulatorCall) -> SimulatorPlan {
        call.reading { body throws(SimulatorRequest.Invalid) in
            guard let text = body.content?.joined else { throw SimulatorRequest.missing("content") }
            let ids = SimulatorCall.tokens(of: text).map { "\($0.id)" }.joined(separator: ",")
            return #"{"tokens":[\#(ids)]}"#
        }
    }

    private static let metrics = SimulatorMetrics(
        prefix: "llamacpp:",
        numbers: [
            SimulatorMetrics.counter("prompt_tokens_total") { $0.promptTokens },
            SimulatorMetrics.counter("prompt_tokens_cached_total") { _ in 0 },
            SimulatorMetrics.counter("prompt_seconds_total") { _ in 0 },
            SimulatorMetrics.counter("tokens_predicted_total") { $0.tokens },
            SimulatorMetrics.counter("tokens_predicted_seconds_total") { _ in 0 },
            SimulatorMetrics.counter("n_decode_total") { $0.tokens },
            SimulatorMetrics.Number(name: "n_tokens_max", type: "counter") { script, _ in
                Double(script.contextLength)
            },
            SimulatorMetrics.gauge("prompt_tokens_seconds") { _ in 0 },
            SimulatorMetrics.gauge("predicted_tokens_seconds") { _ in 0 },
            SimulatorMetrics.gauge("requests_processing") { $0.active },
            SimulatorMetrics.gauge("requests_deferred") { $0.waiting },
            SimulatorMetrics.gauge("n_busy_slots_per_decode") { $0.active },
        ],
        whenOff: SimulatorError(501, "This server does not support metrics endpoint. Start it with `--metrics`")
    )
}
