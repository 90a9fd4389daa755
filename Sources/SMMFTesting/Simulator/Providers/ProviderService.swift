// SPDX-License-Identifier: MIT

import NIOCore
import NIOHTTP1

/// Finds the plan for each request to a played provider.
final class ProviderService: SimulatorAnswering {
    private let core: SimulatorCore
    private let provider: PlayedProvider
    private let keys: [String]
    private let fault: PlayedFault?
    private let memory: PlayedMemory

    init(core: SimulatorCore, provider: PlayedProvider, keys: [String], fault: PlayedFault?, memory: PlayedMemory) {
        self.core = core
        self.provider = provider
        self.keys = keys
        self.fault = fault
        self.memory = memory
    }

    func plan(for head: HTTPRequestHead, body: ByteBuffer) -> SimulatorPlan {
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let script = core.version.script
        let planner = SimulatorPlanner(script: script, client: SimulatorPlanner.Client(head), path: parts[0])
        if parts[0].hasPrefix("/sim/") { return control(head.method, parts[0], planner: planner) }
        let bytes = Array(body.readableBytesView)
        record(head, bytes, limit: script.recorded)
        let call = PlayedCall(
            provider: provider,
            method: head.method.rawValue,
            path: parts[0],
            query: parts.count > 1 ? PlayedCall.pairs(parts[1]) : [:],
            rawQuery: parts.count > 1 ? parts[1] : "",
            fields: head.headers.map { ($0.name.lowercased(), $0.value) },
            bytes: bytes,
            keys: keys,
            memory: memory
        )
        let reply = provider.answer(call)
        if reply.isError { memory.countError() }
        return ProviderPlanner(planner: planner, reply: reply, fault: reply.fault ?? fault).plan()
    }

    private func record(_ head: HTTPRequestHead, _ body: [UInt8], limit: Int) {
        guard limit > 0 else { return }
        let lines = head.headers.map { SimulatorRecord.Header(name: $0.name, value: $0.value) }
        let record = SimulatorRecord(method: head.method.rawValue, uri: head.uri, headers: lines, body: body)
        core.record(record, limit: limit)
    }

    private func control(_ method: HTTPMethod, _ path: String, planner: SimulatorPlanner) -> SimulatorPlan {
        switch (method, path) {
        case (.GET, "/sim/report"): return planner.page(200, ProviderReport(core.stats, errors: memory.errors).json)
        case (.GET, "/sim/requests"):
            let records = core.room.change { $0.records }
            return planner.page(200, "[" + records.map(\.json).joined(separator: ",") + "]")
        case (.GET, "/sim/errors"):
            let kinds = PlayedError.Kind.allCases.filter { provider.words.entries[$0] != nil }
            return planner.page(200, "[" + kinds.map { "\"\($0.rawValue)\"" }.joined(separator: ",") + "]")
        default:
            let pages = "/sim/report, /sim/errors, /sim/requests"
            return planner.page(404, #"{"error":"the simulator's own pages are \#(pages)"}"#)
        }
    }
}
