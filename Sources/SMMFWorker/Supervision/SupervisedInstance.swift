// SPDX-License-Identifier: MIT

import SMMFCore

/// What a supervisor knows of one instance that it holds.
struct SupervisedInstance {
    /// What can be cancelled of an instance, one of each at a time.
    enum Errand: Hashable {
        case timer(InstanceLifecycle.Timer)
        case watchForAnswer, probe, awaitDrain
        /// Gives up on a guard that does not end.
        case endWatch
    }

    let assignment: InstanceAssignment
    let log: InstanceLog
    let logFile: String
    var life: InstanceLifecycle
    /// The version of the last row that was written.
    var version: UInt64 = 0
    var since: Timestamp
    /// Counts the starts; news of an earlier one is no news.
    var run = 0
    var tasks: [Errand: Task<Void, Never>] = [:]
    /// Whether the registry may not have the present row.
    var needsAnnouncement = false

    // What follows belongs to the present run of the process.
    var plan: LaunchPlan?
    var endpoint: Endpoint?
    var process: (any SpawnedProcess)?
    var health: HealthWatch?
    var load: LoadRecord?
    /// The newest line of output before this run.
    var logMark = 0

    /// Forgets everything of a run that is over.
    mutating func forgetRun() {
        for errand in [Errand.watchForAnswer, .probe, .awaitDrain, .endWatch] {
            tasks.removeValue(forKey: errand)?.cancel()
        }
        plan = nil
        endpoint = nil
        process = nil
        health = nil
        load = nil
    }

    /// The row for the registry.
    func row(worker: WorkerID) -> Instance {
        var row = Instance(
            id: assignment.id,
            model: assignment.model,
            kind: assignment.kind,
            worker: worker,
            endpoint: process == nil ? nil : endpoint,
            state: life.state,
            generation: assignment.generation,
            version: version,
            since: since
        )
        row.progress = life.progress
        row.detail = life.detail
        row.failure = life.failure
        row.restarts = life.restarts
        row.processID = process?.processID
        row.load = load
        return row
    }
}
