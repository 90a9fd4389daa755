// SPDX-License-Identifier: MIT

/// What a simulated engine answers besides generating: health, metrics, and its dialect's own pages.
struct SimulatorPages {
    let call: SimulatorCall

    private var script: SimulatorScript { call.script }
    private var dialect: SimulatorDialect { call.script.dialect }

    /// The plan for this request, a 404 or 405 where there is no such page.
    func plan(method: String) -> SimulatorPlan {
        if method == "GET", let body = dialect.health[call.path] { return health(body) }
        if method == "GET", let metrics = dialect.metrics, metrics.path == call.path { return page(of: metrics) }
        if let page = dialect.pages["\(method) \(call.path)"] { return page(call) }
        let asked = "\(method) \(call.path)"
        for (pattern, page) in dialect.pages where pattern.hasSuffix("*") && asked.hasPrefix(pattern.dropLast()) {
            return page(call)
        }
        let takesPost = dialect.forms[call.path] != nil || dialect.pages["POST \(call.path)"] != nil
        guard !takesPost else { return call.planner.error(405, "\(call.path) takes POST") }
        return call.planner.error(404, "File Not Found")
    }

    private func health(_ body: String) -> SimulatorPlan {
        switch script.health {
        case .hanging: SimulatorPlan(steps: [.hang], cost: .free)
        case .failing: call.planner.error(503, script.errorMessage)
        case .ok: call.planner.page(200, body, type: body.hasPrefix("{") || body.isEmpty ? nil : "text/plain")
        }
    }

    private func page(of metrics: SimulatorMetrics) -> SimulatorPlan {
        guard script.metrics else {
            return call.planner.error(metrics.whenOff.status, metrics.whenOff.message)
        }
        let text = metrics.text(script, call.stats)
        return call.planner.page(200, text, type: "text/plain; version=0.0.4")
    }

    /// OpenAI's list of models, with what a dialect tells about each.
    static func models(
        created: Int = 1_795_454_513,
        _ about: @escaping @Sendable (_ quoted: String, SimulatorScript) -> String
    ) -> @Sendable (SimulatorCall) -> SimulatorPlan {
        { call in
            let cards = call.script.models.map { model in
                let id = SimulatorJSON.quote(model)
                return #"{"id":\#(id),"object":"model","created":\#(created),\#(about(id, call.script))}"#
            }
            return call.json(#"{"object":"list","data":[\#(cards.joined(separator: ","))]}"#)
        }
    }
}
