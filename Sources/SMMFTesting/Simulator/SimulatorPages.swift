// SPDX-License-Identifier: MIT

/// What a simulated engine answers besides generating: health, models, metrics, tokenizing and its dialect's own pages.
struct SimulatorPages {
    let script: SimulatorScript
    let planner: SimulatorPlanner
    let stats: SimulatorStats

    /// The plan for this request, a 404 or 405 where there is no such page.
    func plan(method: String, path: String, body: some Collection<UInt8>) -> SimulatorPlan {
        if let health = health(method: method, path: path) { return health }
        switch (method, path) {
        case ("GET", "/v1/models"), ("GET", "/models"): return planner.page(200, models)
        case ("GET", "/metrics"): return metrics
        case ("POST", "/tokenize"): return tokenize(body)
        case ("GET", "/props") where script.dialect == .llamaCpp: return planner.page(200, props)
        case ("GET", "/slots") where script.dialect == .llamaCpp: return planner.page(200, slots)
        case ("GET", "/version") where script.dialect == .vllm: return planner.page(200, #"{"version":"0.33.0"}"#)
        case ("GET", "/load") where script.dialect == .vllm:
            return planner.page(200, #"{"server_load":\#(stats.active + stats.waiting)}"#)
        case (_, let path) where SimulatorRequest.kind(at: path) != nil || path == "/tokenize":
            return planner.error(405, "\(path) takes POST")
        default: return planner.error(404, "File Not Found")
        }
    }

    /// The plan for a health probe, or nil when this is none.
    private func health(method: String, path: String) -> SimulatorPlan? {
        guard method == "GET", path == "/health" || path == "/v1/health" else { return nil }
        switch script.health {
        case .hanging: return SimulatorPlan(steps: [.hang], cost: .free)
        case .failing: return planner.error(503, script.errorMessage)
        case .ok: return planner.page(200, script.dialect == .llamaCpp ? #"{"status":"ok"}"# : "")
        }
    }

    private var metrics: SimulatorPlan {
        guard script.metrics else {
            return planner.error(501, "This server does not support metrics endpoint. Start it with `--metrics`")
        }
        let text = SimulatorMetrics(script: script, stats: stats).text
        return planner.page(200, text, type: "text/plain; version=0.0.4")
    }

    private func tokenize(_ body: some Collection<UInt8>) -> SimulatorPlan {
        do throws(SimulatorRequest.Invalid) {
            let words = SimulatorText.words(of: try SimulatorRequest.text(toTokenize: body))
            let ids = words.map { "\(SimulatorText.hash($0) % 32_000)" }.joined(separator: ",")
            let extra = #""count":\#(words.count),"max_model_len":\#(script.contextLength),"#
            return planner.page(200, "{\(script.dialect == .vllm ? extra : "")\"tokens\":[\(ids)]}")
        } catch {
            return planner.error(error.status, error.message)
        }
    }

    private var models: String {
        let cards = script.models.map { model in
            let id = SimulatorJSON.quote(model)
            let about =
                script.dialect == .llamaCpp
                ? #""owned_by":"llamacpp","meta":{"n_ctx":\#(script.contextLength),"n_ctx_train":\#(script.contextLength)}"#
                : #""owned_by":"vllm","root":\#(id),"parent":null,"max_model_len":\#(script.contextLength)"#
            return #"{"id":\#(id),"object":"model","created":1795454513,\#(about)}"#
        }
        return #"{"object":"list","data":[\#(cards.joined(separator: ","))]}"#
    }

    private var props: String {
        #"{"default_generation_settings":{"n_ctx":\#(script.contextLength)},"total_slots":\#(script.slots),"#
            + #""model_alias":\#(SimulatorJSON.quote(script.model)),"model_path":"sim.gguf","#
            + #""endpoint_slots":true,"endpoint_props":true,"endpoint_metrics":\#(script.metrics)}"#
    }

    private var slots: String {
        let list = (0..<script.slots).map {
            #"{"id":\#($0),"n_ctx":\#(script.contextLength),"is_processing":\#($0 < stats.active)}"#
        }
        return "[" + list.joined(separator: ",") + "]"
    }
}
