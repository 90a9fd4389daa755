// SPDX-License-Identifier: MIT

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
        ]
        dialect.metrics = metrics
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
}
