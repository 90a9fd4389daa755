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
///
/// A model that is parked is no resident, but keeps some memory and comes back much sooner. Parked ones end before any
/// resident has to go, and a resident that goes to make room is parked only where enough comes free all the same.
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
        /// What one copy takes of each worker's graphics cards, by the cards' numbers.
        var cards: [WorkerID: [Int: Int]] = [:]
        /// Whether copies that go are parked.
        var parks = false
        /// What a parked copy keeps, as far as that was ever seen.
        var parkedSize: MemoryAmount?
        /// What its parked copies keep, by worker.
        var parked: [WorkerID: MemoryAmount] = [:]
    }

    /// A model on a worker.
    private struct Place: Hashable {
        var model: ModelName
        var worker: WorkerID
    }

    private(set) var residents: [ModelName: [WorkerID: Int]] = [:]
    /// Why a model cannot be loaded.
    private(set) var notices: [ModelName: String] = [:]
    private var demand = DemandBook()
    private var residentSince: [ModelName: Duration] = [:]
    /// Where a model may not stay parked, until it has gone from there.
    private var unparked: Set<Place> = []
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

    /// Whether a model that is no resident may be parked on a worker.
    func mayPark(_ name: ModelName, on worker: WorkerID) -> Bool {
        !unparked.contains(Place(model: name, worker: worker))
    }

    /// Decides which models shall be in memory, and how many copies on which worker. `budgets` has every worker with its
    /// main memory for them in bytes, nil without a bound, and `cards` the bytes of its graphics cards by their numbers.
    mutating func decide(
        _ models: [Model],
        budgets: [WorkerID: Int?],
        cards: [WorkerID: [Int: Int]] = [:],
        at now: Duration
    ) -> [ModelName: [WorkerID: Int]] {
        let byName = Dictionary(models.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        demand.keep(Set(byName.keys), at: now)
        notices = [:]
        for (name, places) in residents where byName[name] == nil || places.keys.contains(where: { budgets[$0] == nil })
        {
            release(name)
        }
        unparked = unparked.filter { place in
            byName[place.model].map { $0.live[place.worker] != nil || $0.parked[place.worker] != nil } ?? false
        }
        takeOver(models, Set(budgets.keys), at: now)
        for model in models where residents[model.name] != nil && isIdle(model, at: now) { release(model.name) }
        // Weights that left a card may wait in main memory, so that parked ones take more of it than before.
        let present = MemoryRoom(models, residents, budgets: budgets, cards: cards, reserved: [:])
        for worker in budgets.keys.sorted() {
            var (excess, plan) = (present.excess(on: worker), Plan(worker: worker))
            endParked(for: nil, among: byName, &excess, &plan, at: now)
            for name in plan.ended { unparked.insert(Place(model: name, worker: worker)) }
        }
        let waiting = models.filter { isAwaited($0.name, at: now) }
            .sorted { (demand.waitingSince($0.name) ?? now, $0.name) < (demand.waitingSince($1.name) ?? now, $1.name) }
        // Room that comes free is kept for those who wait longest, or small models would starve large ones.
        var reserved: [WorkerID: MemoryAmount] = [:]
        for model in waiting {
            let room = MemoryRoom(models, residents, budgets: budgets, cards: cards, reserved: reserved)
            guard let goal = admit(model, among: byName, room, at: now) else { continue }
            reserved[goal] = reserved[goal, default: MemoryAmount()] + room.need(of: model, on: goal)
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
            guard let plan = cheapest(for: model, among: models, room, able, at: now) else {
                return able.min { room.missing(model, on: $0).total < room.missing(model, on: $1).total }
            }
            for name in plan.ended { unparked.insert(Place(model: name, worker: plan.worker)) }
            for name in plan.released { release(name) }
            return plan.worker
        }
    }

    /// Making room on a worker.
    private struct Plan {
        var worker: WorkerID
        var released: [ModelName] = []
        /// Those that may not stay parked there.
        var ended: [ModelName] = []
        var cost = 0.0
    }

    /// The worker where making room costs least; nobody goes where what is leaving already is enough.
    private func cheapest(
        for model: Model,
        among models: [ModelName: Model],
        _ room: MemoryRoom,
        _ able: [WorkerID],
        at now: Duration
    ) -> Plan? {
        var best: Plan?
        for worker in able {
            var missing = room.missing(model, on: worker)
            guard !missing.isNothing else { return Plan(worker: worker) }
            var plan = Plan(worker: worker)
            endParked(for: model, among: models, &missing, &plan, at: now)
            guard missing.isNothing || release(for: model, among: models, freeing: missing, &plan, at: now) else {
                continue
            }
            if best.map({ plan.cost < $0.cost }) ?? true { best = plan }
        }
        return best
    }

    /// Ends parked models of a worker, the cheapest first, as far as memory is missing.
    private func endParked(
        for model: Model?,
        among models: [ModelName: Model],
        _ missing: inout MemoryAmount,
        _ plan: inout Plan,
        at now: Duration
    ) {
        let worker = plan.worker
        let parked = models.values.filter {
            $0.name != model?.name && residents[$0.name] == nil && $0.parked[worker] != nil
        }
        .map { (worth: worth($0, on: worker, at: now), model: $0) }
        .sorted { ($0.worth, $0.model.name) < ($1.worth, $1.model.name) }
        for (worth, other) in parked where !missing.isNothing {
            // One that is awaited itself would only come back at once.
            guard let kept = other.parked[worker], kept.helps(missing), !demand.isAwaited(other.name, at: now) else {
                continue
            }
            missing = missing - kept
            plan.ended.append(other.name)
            plan.cost += worth * Double(kept.total) * Self.parkedShare
        }
    }

    /// Of what a load costs, what is lost with a parked copy.
    private static let parkedShare = 0.5

    /// Chooses the cheapest residents of a worker to do without that give what is missing; false where they do not.
    private func release(
        for model: Model,
        among models: [ModelName: Model],
        freeing missing: MemoryAmount,
        _ plan: inout Plan,
        at now: Duration
    ) -> Bool {
        let worker = plan.worker
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
        var rest = missing
        let byWorth = candidates.map { (worth: worth($0, on: worker, at: now), model: $0) }.sorted {
            $0.worth < $1.worth
        }
        for (_, candidate) in byWorth where !rest.isNothing {
            let amount = Self.amount(of: candidate, on: worker)
            // One of unknown size is alone where it is, so that its going gives everything.
            guard amount.helps(rest) || candidate.bytes == nil else { continue }
            chosen.append(candidate)
            rest = candidate.bytes == nil ? MemoryAmount() : rest - amount
        }
        guard rest.isNothing, !chosen.isEmpty else { return false }
        // A large one at the end may have made earlier ones needless.
        for candidate in chosen where candidate.bytes != nil {
            let without = rest + Self.amount(of: candidate, on: worker)
            guard without.isNothing else { continue }
            chosen.removeAll { $0.name == candidate.name }
            rest = without
        }
        for candidate in chosen {
            plan.released.append(candidate.name)
            plan.cost += worth(candidate, on: worker, at: now) * Double(Self.bytes(of: candidate, on: worker))
            guard candidate.parks else { continue }
            // Before it was ever seen parked it counts as keeping its main memory and giving the cards up.
            let kept = candidate.parkedSize ?? MemoryAmount(main: candidate.bytes ?? 0)
            let without = rest + kept * max(1, candidate.live[worker] ?? 1)
            if without.isNothing { rest = without } else { plan.ended.append(candidate.name) }
        }
        return true
    }

    private static func amount(of model: Model, on worker: WorkerID) -> MemoryAmount {
        MemoryAmount(main: model.bytes ?? 0, cards: model.cards[worker] ?? [:]) * max(1, model.live[worker] ?? 1)
    }

    private static func bytes(of model: Model, on worker: WorkerID) -> Int { amount(of: model, on: worker).total }

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
