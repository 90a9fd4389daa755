// SPDX-License-Identifier: MIT

import SMMFCore

/// Which of the models that are loaded on demand shall be in memory, and on which workers: a value that takes what was
/// asked for, and decides. Each worker has a budget of its own.
///
/// A model is loaded when requests wait for it, oldest first, and let go of when nobody has asked for it for its own time,
/// or to make room. Who makes room is chosen by what bringing it back would cost, as often as it is asked for, against the
/// memory that it gives. Nothing is let go of while it works, nor in the first moments after it came, so that two models
/// that are asked for in turns do not chase each other; only a request that has waited too long ends that. What is pinned
/// never makes room.
struct Residency: Sendable {
    /// What a decision needs to know of a model.
    struct Model: Sendable, Hashable {
        var name: ModelName
        /// Memory that one copy takes; nil when nobody can tell, and then it is loaded where nothing else is.
        var bytes: Int?
        var copies = 1
        var unloadAfter: Duration
        /// How long it takes to load.
        var loadTime: Duration
        var isPinned = false
        /// Copies that are in memory, be they coming or going, by worker.
        var live: [WorkerID: Int] = [:]
        /// Workers that can take it; all of them when nil.
        var able: Set<WorkerID>?
    }

    private(set) var residents: [ModelName: [WorkerID: Int]] = [:]
    /// Why a model cannot be loaded.
    private(set) var notices: [ModelName: String] = [:]
    private var demand = DemandBook()
    private var residentSince: [ModelName: Duration] = [:]
    /// Workers whose instances were looked at; what runs on a new one is taken over.
    private var known: Set<WorkerID> = []

    /// A model stays for an eighth of the time that it took to load, and at the most so long.
    static let longestStay: Duration = .seconds(5)
    /// A request that has waited so long beyond the stay of others ends it.
    static let patience: Duration = .seconds(10)

    /// Takes what an API Server saw.
    mutating func note(_ report: DemandReport, at now: Duration) { demand.note(report, at: now) }

    /// Whether a request waits for a model that is not to be loaded yet.
    func isAwaited(_ name: ModelName, at now: Duration) -> Bool {
        demand.isAwaited(name, at: now) && residents[name] == nil
    }

    /// Decides which models shall be in memory, and how many copies on which worker. `budgets` has every worker with its
    /// memory for them in bytes, nil without a bound.
    mutating func decide(
        _ models: [Model],
        budgets: [WorkerID: Int?],
        at now: Duration
    ) -> [ModelName: [WorkerID: Int]] {
        let byName = Dictionary(models.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        demand.keep(Set(byName.keys), at: now)
        notices = [:]
        for (name, places) in residents where byName[name] == nil || places.keys.contains(where: { budgets[$0] == nil })
        {
            release(name)
        }
        takeOver(models, Set(budgets.keys), at: now)
        for model in models where residents[model.name] != nil && isIdle(model, at: now) { release(model.name) }
        let waiting = models.filter { isAwaited($0.name, at: now) }
            .sorted { (demand.waitingSince($0.name) ?? now, $0.name) < (demand.waitingSince($1.name) ?? now, $1.name) }
        // Room that comes free is kept for those who wait longest, or small models would starve large ones.
        var reserved: [WorkerID: Int] = [:]
        for model in waiting {
            let room = MemoryRoom(models, residents, budgets: budgets, reserved: reserved)
            guard let goal = admit(model, among: byName, room, at: now) else { continue }
            reserved[goal, default: 0] += room.need(of: model, on: goal)
        }
        return residents
    }

    /// What runs on a worker that has just joined, as after a restart of ours, goes on.
    private mutating func takeOver(_ models: [Model], _ workers: Set<WorkerID>, at now: Duration) {
        let fresh = workers.subtracting(known)
        known = workers
        for model in models where residents[model.name] == nil {
            let live = model.live.filter { fresh.contains($0.key) }
            guard !live.isEmpty else { continue }
            demand.touch(model.name, at: now)
            settle(model.name, on: live, at: now)
        }
    }

    /// Loads a model where there is room beside what is reserved, or makes room for it. Returns the worker whose room it
    /// waits for, or nil when it waits for none.
    private mutating func admit(
        _ model: Model,
        among models: [ModelName: Model],
        _ room: MemoryRoom,
        at now: Duration
    ) -> WorkerID? {
        let able = room.workers(for: model)
        guard !able.isEmpty else {
            notices[model.name] = "no worker that can take it has joined"
            return nil
        }
        guard room.couldEver(hold: model) else {
            notices[model.name] = room.refusal(of: model)
            return nil
        }
        switch room.place(model) {
        // One of before that is still going would be there twice.
        case .all(let places) where model.live.isEmpty:
            settle(model.name, on: places, at: now)
            return nil
        case .all(let places): return places.keys.min()
        case .short:
            guard let (worker, victims) = cheapest(for: model, among: models, room, able, at: now) else {
                return able.min { room.missing(model, on: $0) < room.missing(model, on: $1) }
            }
            for victim in victims { release(victim) }
            return worker
        }
    }

    /// The worker where making room costs least, with who goes; nobody goes where what is leaving already is enough.
    private func cheapest(
        for model: Model,
        among models: [ModelName: Model],
        _ room: MemoryRoom,
        _ able: [WorkerID],
        at now: Duration
    ) -> (WorkerID, [ModelName])? {
        var best: (worker: WorkerID, victims: [ModelName], cost: Double)?
        for worker in able {
            let missing = room.missing(model, on: worker)
            guard missing > 0 else { return (worker, []) }
            let victims = victims(for: model, among: models, freeing: missing, on: worker, at: now)
            guard !victims.isEmpty else { continue }
            let cost = victims.reduce(0.0) {
                $0 + worth($1, on: worker, at: now) * Double(Self.bytes(of: $1, on: worker))
            }
            if best.map({ cost < $0.cost }) ?? true { best = (worker, victims.map(\.name), cost) }
        }
        return best.map { ($0.worker, $0.victims) }
    }

    /// The cheapest residents of a worker to do without that give `missing` bytes; none where they do not.
    private func victims(
        for model: Model,
        among models: [ModelName: Model],
        freeing missing: Int,
        on worker: WorkerID,
        at now: Duration
    ) -> [Model] {
        let waited = now - (demand.waitingSince(model.name) ?? now)
        let candidates = residents.keys.sorted().compactMap { models[$0] }.filter { other in
            guard residents[other.name]?[worker] != nil, !other.isPinned else { return false }
            let stay = min(Self.longestStay, other.loadTime / 8)
            let hasStayed = now - (residentSince[other.name] ?? now) >= stay
            // One that is still being loaded for others would only come back at once.
            guard !demand.isAwaited(other.name, at: now) else { return false }
            return waited >= stay + Self.patience || hasStayed && !demand.isBusy(other.name, at: now)
        }
        var chosen: [Model] = []
        var freed = 0
        let byWorth = candidates.sorted { worth($0, on: worker, at: now) < worth($1, on: worker, at: now) }
        for candidate in byWorth where freed < missing {
            chosen.append(candidate)
            freed += Self.bytes(of: candidate, on: worker)
        }
        // One of unknown size is alone where it is, so that its going gives everything.
        guard freed >= missing || chosen.contains(where: { $0.bytes == nil }) else { return [] }
        // A large one at the end may have made earlier ones needless.
        for candidate in chosen where freed - Self.bytes(of: candidate, on: worker) >= missing {
            chosen.removeAll { $0.name == candidate.name }
            freed -= Self.bytes(of: candidate, on: worker)
        }
        return chosen
    }

    private static func bytes(of model: Model, on worker: WorkerID) -> Int {
        (model.bytes ?? 0) * max(1, model.live[worker] ?? 1)
    }

    /// Seconds of loading that keeping a model is likely to save, for each byte that it takes.
    private func worth(_ model: Model, on worker: WorkerID, at now: Duration) -> Double {
        let (seconds, attoseconds) = max(model.loadTime, .milliseconds(100)).components
        let cost = Double(seconds) + Double(attoseconds) / 1e18
        return cost * demand.weight(of: model.name, at: now) / Double(max(1, Self.bytes(of: model, on: worker)))
    }

    private func isIdle(_ model: Model, at now: Duration) -> Bool {
        guard let lastUsed = demand.lastUsed(model.name) else { return true }
        return !demand.isBusy(model.name, at: now) && !demand.isAwaited(model.name, at: now)
            && now - lastUsed >= model.unloadAfter
    }

    private mutating func settle(_ name: ModelName, on places: [WorkerID: Int], at now: Duration) {
        residents[name] = places
        residentSince[name] = now
    }

    private mutating func release(_ name: ModelName) {
        residents[name] = nil
        residentSince[name] = nil
    }
}
