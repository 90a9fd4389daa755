// SPDX-License-Identifier: MIT

import SMMFCore

/// A registry that keeps everything it was told, and in which a test can wait for a row.
actor RecordingRegistry: Registry {
    /// What it was told.
    enum Entry: Sendable, Hashable {
        case put(Instance)
        case withdrawn(InstanceID)
    }

    private(set) var entries: [Entry] = []
    private(set) var renewals = 0
    private(set) var rows: [InstanceID: Instance] = [:]
    private var position = 0
    private var error: RegistryError?
    private var waiters: [(isWanted: @Sendable (Entry) -> Bool, continuation: CheckedContinuation<Entry, Never>)] = []

    /// Makes every call fail, until nil.
    func fail(with error: RegistryError?) {
        self.error = error
    }

    /// Loses its memory, as after a restart.
    func forgetRows() {
        rows = [:]
    }

    /// Waits for an entry after those that were waited for before.
    func next(where isWanted: @escaping @Sendable (Entry) -> Bool) async -> Entry {
        while position < entries.count {
            position += 1
            if isWanted(entries[position - 1]) { return entries[position - 1] }
        }
        return await withCheckedContinuation { waiters.append((isWanted, $0)) }
    }

    /// Waits for a row in a state.
    @discardableResult
    func next(_ state: InstanceState) async -> Instance? {
        let entry = await next { entry in
            if case .put(let row) = entry { row.state == state } else { false }
        }
        return if case .put(let row) = entry { row } else { nil }
    }

    func announce(_ instance: Instance, lease: Duration?) async throws(RegistryError) {
        if let error { throw error }
        if let row = rows[instance.id], row.version >= instance.version { throw .outdated(version: row.version) }
        rows[instance.id] = instance
        record(.put(instance))
    }

    func renew(_ ids: [InstanceID], lease: Duration) async throws(RegistryError) -> [InstanceID] {
        renewals += 1
        if let error { throw error }
        return ids.filter { rows[$0] == nil }
    }

    func withdraw(_ id: InstanceID) async throws(RegistryError) {
        if let error { throw error }
        rows[id] = nil
        record(.withdrawn(id))
    }

    func next(after revision: RegistryRevision?) async throws(RegistryError) -> RegistryUpdate {
        throw .unavailable("nobody watches here")
    }

    func publish(keys: [KeyCard]) async throws(RegistryError) {}

    func publish(_ models: [ModelCard]) async throws(RegistryError) {
        throw .unavailable("no worker publishes models")
    }

    private func record(_ entry: Entry) {
        entries.append(entry)
        while position < entries.count, !waiters.isEmpty {
            position += 1
            guard let index = waiters.firstIndex(where: { $0.isWanted(entries[position - 1]) }) else { continue }
            waiters.remove(at: index).continuation.resume(returning: entries[position - 1])
        }
    }
}
