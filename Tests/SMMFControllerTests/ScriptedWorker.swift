// SPDX-License-Identifier: MIT

import SMMFCore

/// A worker that does what it is told at once, and fails when the test says so.
actor ScriptedWorker: WorkerAgent {
    let id: WorkerID
    var instances: [InstanceID: Instance] = [:]
    var assignments: [InstanceAssignment] = []
    var isAway = false
    var startState = InstanceState.ready

    init(_ id: String) { self.id = WorkerID(id) }

    func set(away: Bool) { isAway = away }
    func set(startState: InstanceState) { self.startState = startState }

    func assign(_ assignment: InstanceAssignment) async throws {
        try check()
        assignments.append(assignment)
        instances[assignment.id] = Instance(
            id: assignment.id,
            model: assignment.model,
            worker: id,
            state: startState,
            generation: assignment.generation
        )
    }

    func release(_ id: InstanceID) async throws {
        try check()
        instances[id] = nil
    }

    func perform(_ order: InstanceOrder, on id: InstanceID) async throws {
        try check()
        if order == .drain { instances[id] = nil }
        guard order == .offline || order == .online else { return }
        instances[id]?.isKept = order == .offline ? true : nil
        instances[id]?.state = order == .offline ? .stopped : .ready
    }

    func describe(_ id: InstanceID) async throws -> InstanceDescription {
        guard let instance = instances[id] else { throw SMMFError(.notFound, "unknown") }
        return InstanceDescription(instance: instance, command: ["/bin/engine"])
    }

    func status() async throws -> WorkerStatus {
        try check()
        return WorkerStatus(id: id, engines: ["llama.cpp"], instances: instances.values.sorted { $0.id < $1.id })
    }

    func logs(of id: InstanceID, after line: Int, limit: Int) async throws -> LogPage {
        LogPage(lines: ["one", "two"], first: 1, last: 2)
    }

    private func check() throws {
        if isAway { throw SMMFError(.unavailable, "away") }
    }
}
