// SPDX-License-Identifier: MIT

import NIOCore
import NIOHTTP1

/// Finds the plan for each request of one event loop's connections.
final class SimulatorService: SimulatorAnswering {
    private let core: SimulatorCore
    private let listener: SimulatorListener
    private let cache = SimulatorPlanCache()

    init(core: SimulatorCore, listener: SimulatorListener) {
        self.core = core
        self.listener = listener
    }

    func plan(for head: HTTPRequestHead, body: ByteBuffer) -> SimulatorPlan {
        let version = core.version
        let script = version.script
        let query = head.uri.utf8.firstIndex(of: UInt8(ascii: "?"))
        let path = query.map { String(head.uri[..<$0]) } ?? head.uri
        let client = SimulatorPlanner.Client(head)
        let planner = SimulatorPlanner(script: script, client: client, path: path)
        if path.hasPrefix("/sim/") { return control(head.method, path, body: body, planner: planner) }
        if script.recorded > 0 { record(head, body, limit: script.recorded) }
        if script.loading { return planner.error(503, "Loading model") }
        guard isAllowed(head, path: path, script: script) else { return planner.error(401, "Invalid API Key") }
        guard head.method == .POST, let form = script.dialect.forms[path] else {
            let call = SimulatorCall(
                script: script,
                stats: core.stats,
                planner: planner,
                path: path,
                body: Array(body.readableBytesView),
                change: { [core] in core.change($0) }
            )
            return SimulatorPages(call: call).plan(method: head.method.rawValue)
        }
        if script.isAsleep {
            guard let refusal = script.dialect.asleep else { return SimulatorPlan(steps: [.hang], cost: .refusal) }
            return planner.error(refusal.status, refusal.message, cost: .refusal)
        }
        let key = SimulatorPlanCache.Key(
            path: path,
            client: client,
            misbehaves: script.misbehaves && core.takesFault(script),
            overrides: Self.overrides(in: head.headers),
            body: body
        )
        return cache.plan(for: key, version: version) { Self.generate(key, form: form, script: script) }
    }

    private static func generate(
        _ key: SimulatorPlanCache.Key,
        form: SimulatorForm,
        script: SimulatorScript
    ) -> SimulatorPlan {
        var script = key.misbehaves ? script : script.behaving
        do throws(SimulatorSetting.Refused) {
            for pair in key.overrides {
                let name = String(pair.prefix { $0 != "=" })
                let setting = try SimulatorSetting.named(name)
                guard setting.scope == .request else {
                    throw SimulatorSetting.Refused(description: "\(name) can only be set for the whole engine")
                }
                try setting.apply(String(pair.dropFirst(name.count + 1)), to: &script)
            }
        } catch {
            return SimulatorPlanner(script: script, client: key.client, path: key.path).error(400, error.description)
        }
        let planner = SimulatorPlanner(script: script, client: key.client, path: key.path)
        return planner.answer(form, body: key.body.readableBytesView)
    }

    /// The `x-sim-NAME: VALUE` headers, as `NAME=VALUE`.
    private static func overrides(in headers: HTTPHeaders) -> [String] {
        var found: [String] = []
        for (name, value) in headers where name.utf8.first.map({ $0 | 0x20 }) == UInt8(ascii: "x") {
            let name = name.lowercased()
            if name.hasPrefix("x-sim-") { found.append("\(name.dropFirst("x-sim-".count))=\(value)") }
        }
        return found
    }

    private func isAllowed(_ head: HTTPRequestHead, path: String, script: SimulatorScript) -> Bool {
        guard let key = script.apiKey else { return true }
        return script.dialect.isOpen(path) || head.headers["authorization"].contains("Bearer \(key)")
    }

    private func record(_ head: HTTPRequestHead, _ body: ByteBuffer, limit: Int) {
        let record = SimulatorRecord(
            method: head.method.rawValue,
            uri: head.uri,
            headers: head.headers.map { SimulatorRecord.Header(name: $0.name, value: $0.value) },
            body: Array(body.readableBytesView)
        )
        core.record(record, limit: limit)
    }

    // MARK: Control

    private func control(
        _ method: HTTPMethod,
        _ path: String,
        body: ByteBuffer,
        planner: SimulatorPlanner
    ) -> SimulatorPlan {
        let planner = SimulatorPlanner(script: SimulatorScript(), client: planner.client)
        switch (method, path) {
        case (.GET, "/sim/stats"): return planner.page(200, core.stats.json)
        case (.GET, "/sim/requests"):
            let records = core.room.change { $0.records }
            return planner.page(200, "[" + records.map(\.json).joined(separator: ",") + "]")
        case (.POST, "/sim/release"):
            core.release()
            return planner.page(200, "{}")
        case (.POST, "/sim/script"):
            do throws(SimulatorSetting.Refused) {
                let patch = try SimulatorScriptPatch(body.readableBytesView)
                let script = try patch.applied(to: core.version.script, start: core.start)
                core.use(script)
                listener.follow(script)
                return planner.page(200, "{}")
            } catch {
                return planner.error(400, error.description)
            }
        default:
            let paths = "GET /sim/stats, GET /sim/requests, POST /sim/script, POST /sim/release"
            return planner.error(404, "the simulator's own pages are \(paths)")
        }
    }
}

extension SimulatorPlanner.Client {
    init(_ head: HTTPRequestHead) {
        self.init(isHTTP10: head.version == .http1_0, keepsAlive: head.isKeepAlive)
    }
}
