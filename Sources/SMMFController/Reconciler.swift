// SPDX-License-Identifier: MIT

import SMMFCore

/// Compares what is wanted with what is and says what to do: a pure function of the present, so that it may run at any
/// time, any number of times, and after any loss.
struct Reconciler {
    /// A worker as last seen.
    struct WorkerView: Sendable, Hashable {
        var id: WorkerID
        var engines: [String]
        var instances: [Instance]
        /// False while it ends.
        var takesInstances = true
        /// Bytes for models on demand, where the worker names them itself.
        var memoryBudget: Int?
        /// Its graphics cards.
        var devices: [Device] = []
        /// False while it does not answer; its instances still count, but nothing new goes there.
        var isReachable: Bool
    }

    enum Action: Sendable, Hashable {
        case place(ModelName, on: WorkerID)
        case release(InstanceID, on: WorkerID)
        case park(InstanceID, on: WorkerID)
        case wake(InstanceID, on: WorkerID)
    }

    struct Decision: Sendable, Hashable {
        var actions: [Action] = []
        /// Why a model has fewer instances than wanted.
        var notices: [ModelName: String] = [:]
    }

    private let workers: [WorkerView]
    private let mayPlace: Bool
    private let homes: [ModelName: [WorkerID: Int]]
    private let parking: [ModelName: Set<WorkerID>]
    private var planned: [WorkerID: Int]
    private var decision = Decision()

    /// Decides for all deployments. `homes` say how many instances of a model on demand go where, and `parking` where a model
    /// that nobody asks for may stay parked; `mayPlace` is false while workers of an earlier run may still come back with
    /// instances that must not be started twice.
    static func decide(
        deployments: [Deployment],
        workers: [WorkerView],
        homes: [ModelName: [WorkerID: Int]] = [:],
        parking: [ModelName: Set<WorkerID>] = [:],
        mayPlace: Bool
    ) -> Decision {
        var reconciler = Reconciler(workers: workers, homes: homes, parking: parking, mayPlace: mayPlace)
        let wanted = Dictionary(deployments.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        reconciler.releaseUnwanted(wanted)
        for deployment in deployments.sorted(by: { $0.name < $1.name }) { reconciler.reconcile(deployment) }
        return reconciler.decision
    }

    private init(
        workers: [WorkerView],
        homes: [ModelName: [WorkerID: Int]],
        parking: [ModelName: Set<WorkerID>],
        mayPlace: Bool
    ) {
        self.homes = homes
        self.parking = parking
        self.workers = workers.sorted { $0.id < $1.id }
        self.mayPlace = mayPlace
        self.planned = Dictionary(workers.map { ($0.id, $0.instances.count(where: \.isLive)) }, uniquingKeysWith: +)
    }

    private mutating func releaseUnwanted(_ wanted: [ModelName: Deployment]) {
        for worker in workers where worker.isReachable {
            for instance in worker.instances where instance.isHeld {
                guard let deployment = wanted[instance.model], deployment.desired == .online,
                    case .engine = deployment.backend
                else {
                    let mayPark = parking[instance.model]?.contains(worker.id) == true
                    dismiss(
                        instance,
                        on: worker.id,
                        parks: mayPark && wanted[instance.model].map(instance.isFresh) == true
                    )
                    continue
                }
            }
        }
    }

    /// Lets go of an instance, or of its memory alone.
    private mutating func dismiss(_ instance: Instance, on worker: WorkerID, parks: Bool) {
        guard parks else { return decision.actions.append(.release(instance.id, on: worker)) }
        switch instance.state {
        // One that wakes is parked again when it is awake.
        case .parking, .parked, .waking: break
        case .ready where instance.isParkable == true: decision.actions.append(.park(instance.id, on: worker))
        default: decision.actions.append(.release(instance.id, on: worker))
        }
    }

    private mutating func reconcile(_ deployment: Deployment) {
        guard deployment.desired == .online, case .engine(let spec) = deployment.backend else { return }
        let target = max(1, deployment.replicas.min)
        let all = workers.flatMap { worker in
            worker.instances.filter { $0.model == deployment.name && $0.isHeld }.map { (worker: worker, instance: $0) }
        }
        // What is parked where its memory is not kept free cannot wake there.
        let isAlone = deployment.unloadAfter != nil
        let stray = all.filter {
            isAlone && $0.instance.state == .parked && homes[deployment.name]?[$0.worker.id] == nil
        }
        let held = all.filter { one in !stray.contains { $0.instance.id == one.instance.id } }
        let fresh = held.filter { $0.instance.isFresh(for: deployment) }
        let stale = held.filter { !$0.instance.isFresh(for: deployment) } + stray

        let surplus = fresh.sorted { Self.isWorthLess($0.instance, $1.instance) }.prefix(max(0, fresh.count - target))
        // An old instance keeps serving until enough new ones do, so that a change costs no request. Models on demand have
        // no memory for two: their requests wait, as they do for any load.
        let hasEnough = fresh.count(where: { $0.instance.state.isServing }) >= target
        var obsolete = stale.filter { isAlone || hasEnough || !$0.instance.state.isServing }
        if obsolete.isEmpty { obsolete = Array(stale.prefix(starved(fresh.map(\.instance), deployment))) }
        for (worker, instance) in Array(surplus) + obsolete where worker.isReachable {
            decision.actions.append(.release(instance.id, on: worker.id))
        }
        for (worker, instance) in fresh
        where instance.state == .parked && worker.isReachable
            && !surplus.contains(where: { $0.instance.id == instance.id })
        {
            decision.actions.append(.wake(instance.id, on: worker.id))
        }
        let inTheWay =
            isAlone ? workers.flatMap(\.instances).count { $0.model == deployment.name && $0.isLive } - fresh.count : 0
        for _ in 0..<max(0, target - fresh.count - max(0, inTheWay)) { place(deployment, engine: spec.engine) }
        noteFailure(deployment, fresh.map(\.instance))
    }

    /// How many new instances can only start when an old one makes room, as a machine has no card for both; those that are
    /// on their way out make room already.
    private func starved(_ fresh: [Instance], _ deployment: Deployment) -> Int {
        let waiting = fresh.count { $0.state == .failed && $0.failure?.kind == .resourcesTaken }
        let leaving = workers.flatMap(\.instances).count {
            $0.model == deployment.name && $0.generation < deployment.generation && $0.state == .draining
        }
        return max(0, waiting - leaving)
    }

    private mutating func place(_ deployment: Deployment, engine: String) {
        let reachable = workers.filter { $0.isReachable && $0.takesInstances }
        guard !reachable.isEmpty else {
            let isAlone = workers.isEmpty || !workers.contains(where: \.isReachable)
            decision.notices[deployment.name] = isAlone ? "no worker has joined" : "no worker takes new instances"
            return
        }
        guard mayPlace else {
            decision.notices[deployment.name] = "waiting for the workers of the last run to come back"
            return
        }
        if homes[deployment.name] != nil { return placeAtHome(deployment, reachable) }
        // Without a worker that has the engine the least busy one gets it, and fails with how to install it.
        let able = reachable.filter { $0.engines.contains(engine) }
        let chosen = (able.isEmpty ? reachable : able).min { planned[$0.id, default: 0] < planned[$1.id, default: 0] }
        guard let chosen else { return }
        planned[chosen.id, default: 0] += 1
        decision.actions.append(.place(deployment.name, on: chosen.id))
    }

    /// Places a model on demand where its memory is kept free.
    private mutating func placeAtHome(_ deployment: Deployment, _ reachable: [WorkerView]) {
        let chosen = reachable.first { worker in
            let held = worker.instances.count {
                $0.model == deployment.name && $0.isHeld && $0.generation >= deployment.generation
            }
            let ordered = decision.actions.count { $0 == .place(deployment.name, on: worker.id) }
            return held + ordered < homes[deployment.name]?[worker.id] ?? 0
        }
        guard let chosen else {
            decision.notices[deployment.name] = "the worker that has memory for it does not answer"
            return
        }
        planned[chosen.id, default: 0] += 1
        decision.actions.append(.place(deployment.name, on: chosen.id))
    }

    private mutating func noteFailure(_ deployment: Deployment, _ instances: [Instance]) {
        guard !instances.contains(where: { $0.state.isServing }),
            let failure = instances.first(where: { $0.state == .failed })?.failure
        else { return }
        decision.notices[deployment.name] = failure.message + (failure.nextStep.map { " " + $0 } ?? "")
    }

    /// Whether losing `left` costs less than losing `right`.
    private static func isWorthLess(_ left: Instance, _ right: Instance) -> Bool {
        let order: [InstanceState] = [
            .failed, .pending, .parked, .starting, .loading, .warming, .parking, .waking, .suspect, .ready,
        ]
        let ranks = [left, right].map { order.firstIndex(of: $0.state) ?? 0 }
        return ranks[0] != ranks[1] ? ranks[0] < ranks[1] : left.id > right.id
    }
}

extension Instance {
    /// Whether its worker still has it and was not told to let it go; one that restarts or is offline by an order is held.
    fileprivate var isHeld: Bool { isKept == true || state != .draining && state != .stopped }

    /// Whether it runs what its deployment asks for now.
    fileprivate func isFresh(for deployment: Deployment) -> Bool { generation >= deployment.generation }

    /// Whether it uses the machine.
    var isLive: Bool { state != .stopped && state != .failed }
}
