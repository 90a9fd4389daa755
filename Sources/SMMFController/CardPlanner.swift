// SPDX-License-Identifier: MIT

import SMMFCore

/// The graphics memory of each worker for models on demand, and what each of them asks for of which card: a value.
///
/// A card has what its driver says less what others hold: models that are always loaded, and programs that are not ours. What
/// a model takes of it is what it was seen to take; before that, as much as is predicted of its main memory, on the cards that
/// its engine goes to by itself. A worker without cards, or with cards that do not tell their memory, has none to plan.
struct CardPlanner: Sendable {
    /// A worker's card.
    struct Place: Sendable, Hashable {
        var worker: WorkerID
        var card: Int
    }

    /// What others hold, as last seen while nothing of ours was on its way.
    private var foreign: [Place: Int] = [:]
    /// Which cards a model was given that asks for cards of its own.
    private var given: [ModelName: [WorkerID: Given]] = [:]

    private struct Given: Sendable {
        var cards: [Int]
        var isLive: Bool
    }

    /// Bytes for models on demand, by card. `onDemand` are the names of those models.
    mutating func budgets(_ worker: Reconciler.WorkerView, onDemand: Set<ModelName>) -> [Int: Int] {
        let ours = worker.instances.filter { onDemand.contains($0.model) && $0.isLive }
        // What is coming or going is in the driver's number already or still, and in no number of ours.
        let isQuiet = ours.allSatisfy { ($0.state == .ready || $0.state == .parked) && $0.cardMemory != nil }
        var budgets: [Int: Int] = [:]
        for device in worker.devices {
            guard let memory = device.memory else { continue }
            let place = Place(worker: worker.id, card: device.index)
            if isQuiet, let used = device.used {
                foreign[place] = max(0, used - ours.reduce(0) { $0 + ($1.cardMemory?[device.index] ?? 0) })
            }
            budgets[device.index] = max(0, memory - (foreign[place] ?? 0))
        }
        return budgets
    }

    /// What one copy of a model takes of a worker's cards. `budgets` are those of the worker, `measured` is what the model was
    /// seen to take there, and `predicted` what its main memory is expected to be; where neither is known, it takes all of its
    /// cards. What is not measured is never more than there is, as only a try can tell: it may not use a card at all.
    mutating func need(
        of name: ModelName,
        _ spec: EngineSpec,
        on worker: Reconciler.WorkerView,
        budgets: [Int: Int],
        measured: [Int: Int]?,
        predicted: Int?,
        isLive: Bool
    ) -> [Int: Int] {
        let known = worker.devices.filter { budgets[$0.index] != nil }
        guard !known.isEmpty else { return [:] }
        func whole(_ card: Int) -> Int { budgets[card] ?? 0 }
        if case .count(let count)? = spec.limits.devices {
            // Cards of its own are nobody else's, however little it takes of them.
            let seen = measured.map { $0.filter { $0.value > 0 }.keys.sorted() } ?? []
            let cards =
                isLive && seen.count == count ? seen : choose(count, for: name, among: known, on: worker.id, isLive)
            given[name, default: [:]][worker.id] = Given(cards: cards, isLive: isLive)
            return Dictionary(cards.map { ($0, whole($0)) }, uniquingKeysWith: max)
        }
        if let measured { return measured.filter { $0.value > 0 } }
        let cards = cards(spec, known)
        var need: [Int: Int] = [:]
        for card in cards {
            let size = known.first { $0.index == card }?.memory ?? 0
            let share = spec.memoryShare.map { Int(Double(size) * $0) }
            need[card] = min(whole(card), share ?? predicted.map { $0 / cards.count } ?? whole(card))
        }
        return need
    }

    /// Forgets all models but these.
    mutating func keep(_ names: Set<ModelName>) { given = given.filter { names.contains($0.key) } }

    /// The cards that an engine goes to: those that it sees, or the first ones, as many as share a layer.
    private func cards(_ spec: EngineSpec, _ known: [Device]) -> [Int] {
        if case .list(let names)? = spec.limits.devices {
            return known.filter { device in names.contains { $0 == "\(device.index)" || $0 == device.uuid } }.map(
                \.index
            )
        }
        return known.map(\.index).sorted().prefix(max(1, spec.tensorParallel ?? 1)).map { $0 }
    }

    /// The cards that fewest other models were given; one that is there keeps its own.
    private func choose(
        _ count: Int,
        for name: ModelName,
        among known: [Device],
        on worker: WorkerID,
        _ isLive: Bool
    ) -> [Int] {
        if isLive, let own = given[name]?[worker], own.cards.count == count { return own.cards }
        var users: [Int: Int] = [:]
        for (other, places) in given where other != name {
            guard let place = places[worker] else { continue }
            // Those that are there count before all that may come.
            for card in place.cards { users[card, default: 0] += place.isLive ? 1 << 20 : 1 }
        }
        return known.map(\.index).sorted { (users[$0, default: 0], $0) < (users[$1, default: 0], $1) }
            .prefix(count).sorted()
    }
}
