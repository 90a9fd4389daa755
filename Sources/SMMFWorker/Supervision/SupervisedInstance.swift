// SPDX-License-Identifier: MIT

import SMMFCore

/// What a supervisor knows of one instance that it holds.
struct SupervisedInstance {
    /// What can be cancelled of an instance, one of each at a time.
    enum Errand: Hashable {
        case timer(InstanceLifecycle.Timer)
        case watchForAnswer, probe, awaitDrain, parking
        /// Gives up on a guard that does not end.
        case endWatch
    }

    /// What it was asked to be; a context that turned out not to fit is replaced once, by the one that does.
    var assignment: InstanceAssignment
    var isFitted = false
    let log: InstanceLog
    let logFile: String
    var life: InstanceLifecycle
    /// The version of the last row that was written.
    var version: UInt64 = 0
    var since: Timestamp
    /// The states that it was in, oldest first.
    var history: [InstanceDescription.Step] = []
    /// The plan of the present or last run.
    var lastPlan: LaunchPlan?
    /// The control group of the present run.
    var group: String?
    /// Counts the starts; news of an earlier one is no news.
    var run = 0
    var tasks: [Errand: Task<Void, Never>] = [:]
    /// Whether the registry may not have the present row.
    var needsAnnouncement = false

    // What follows belongs to the present run of the process.
    var plan: LaunchPlan?
    var endpoint: Endpoint?
    var process: (any SpawnedProcess)?
    /// Reads its output until it serves.
    var startReader: StartReader?
    var health: HealthWatch?
    var load: LoadRecord?
    /// Bytes of memory that the process was last seen to hold.
    var memory: Int?
    /// Bytes of graphics memory that it was last seen to hold, by card.
    var cardMemory: [Int: Int]?
    /// The newest line of output before this run.
    var logMark = 0
    /// The newest line of output when we began to end the process.
    var stopMark: Int?

    /// Takes the cure that a failure names, once: another failure of that kind is not about the context alone. Returns
    /// whether it did.
    mutating func fit(after failure: InstanceFailure) -> Bool {
        guard !isFitted, let context = failure.fittingContext, context > 0 else { return false }
        isFitted = true
        assignment.spec.context = context
        return true
    }

    /// Notes the state that it has come to, or what it does in it.
    mutating func noteState(at time: Timestamp) {
        if history.last?.state != life.state {
            history.append(.init(state: life.state, since: time))
            if history.count > InstanceDescription.historyLimit { history.removeFirst() }
        }
        if let detail = life.detail { history[history.count - 1].detail = detail }
    }

    /// Forgets everything of a run that is over.
    mutating func forgetRun() {
        for errand in [Errand.watchForAnswer, .probe, .awaitDrain, .parking, .endWatch] {
            tasks.removeValue(forKey: errand)?.cancel()
        }
        plan = nil
        endpoint = nil
        process = nil
        startReader?.finish()
        startReader = nil
        stopMark = nil
        health = nil
        load = nil
        memory = nil
        cardMemory = nil
        group = nil
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
        row.isKept = life.isKept ? true : nil
        row.isParkable = process != nil && plan?.parking != nil ? true : nil
        row.processID = process?.processID
        row.load = load
        row.memory = memory
        row.cardMemory = cardMemory
        row.servedName = plan.flatMap { $0.servedName == assignment.model.text ? nil : $0.servedName }
        row.batchLimit = assignment.kind == .language ? nil : plan?.batchLimit
        row.gatherAbove = assignment.kind == .embedding ? plan?.gatherAbove : nil
        row.dialect = plan.flatMap { $0.dialect == .openAI ? nil : $0.dialect }
        return row
    }
}
