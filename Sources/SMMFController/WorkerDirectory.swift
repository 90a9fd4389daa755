// SPDX-License-Identifier: MIT

import SMMFCore

/// The workers that joined and what they said last; a value, its owner does the asking.
///
/// `now` is monotonic time since any fixed moment.
struct WorkerDirectory {
    private struct Entry {
        var status: WorkerStatus
        var lastAnswer: Duration
    }

    private var entries: [WorkerID: Entry] = [:]
    /// Workers of the last run that have not come back yet.
    private var missing: Set<WorkerID>
    private let settledAt: Duration

    /// A worker that does not answer for this long is lost, and its instances are placed elsewhere.
    static let lossDeadline: Duration = .seconds(10)
    /// One missed answer is no reason to stop trusting a worker.
    static let doubtAfter: Duration = .seconds(4)

    /// Creates a directory that expects the workers of the last run back within ``lossDeadline``.
    init(expecting known: some Sequence<WorkerID>, at now: Duration) {
        missing = Set(known)
        settledAt = now + Self.lossDeadline
    }

    /// Whether every worker of the last run has come back or been given up.
    func isSettled(at now: Duration) -> Bool { missing.isEmpty || now >= settledAt }

    var statuses: [WorkerStatus] { entries.values.map(\.status).sorted { $0.id < $1.id } }

    mutating func answered(_ status: WorkerStatus, at now: Duration) {
        missing.remove(status.id)
        entries[status.id] = Entry(status: status, lastAnswer: now)
    }

    /// Forgets the workers that are lost, and returns them.
    mutating func removeLost(at now: Duration) -> [WorkerID] {
        let lost = entries.filter { now - $0.value.lastAnswer > Self.lossDeadline }.map(\.key).sorted()
        for id in lost { entries[id] = nil }
        return lost
    }

    func views(at now: Duration) -> [Reconciler.WorkerView] {
        entries.values.map { entry in
            Reconciler.WorkerView(
                id: entry.status.id,
                engines: entry.status.engines,
                instances: entry.status.instances,
                takesInstances: entry.status.takesInstances,
                memoryBudget: entry.status.memoryBudget,
                devices: entry.status.devices ?? [],
                isReachable: now - entry.lastAnswer <= Self.doubtAfter
            )
        }
    }
}
