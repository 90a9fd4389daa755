// SPDX-License-Identifier: MIT

import SMMFCore

/// The memory of each worker at the moment of a decision: a value.
struct MemoryRoom {
    /// Where the copies of a model find room.
    enum Placement: Hashable {
        case all([WorkerID: Int])
        case short
    }

    private let budgets: [WorkerID: Int?]
    private let cards: [WorkerID: [Int: Int]]
    /// What is free, without what is reserved.
    private var free: [WorkerID: MemoryAmount] = [:]
    /// What comes free by itself, as its models are going.
    private var leaving: [WorkerID: MemoryAmount] = [:]

    init(
        _ models: [Residency.Model],
        _ residents: [ModelName: [WorkerID: Int]],
        budgets: [WorkerID: Int?],
        cards: [WorkerID: [Int: Int]] = [:],
        reserved: [WorkerID: MemoryAmount]
    ) {
        self.budgets = budgets
        self.cards = cards
        for (worker, budget) in budgets {
            let all = MemoryAmount(main: budget ?? MemoryAmount.unbounded, cards: cards[worker] ?? [:])
            free[worker] = all - (reserved[worker] ?? MemoryAmount())
        }
        for model in models {
            let wanted = residents[model.name] ?? [:]
            for worker in Set(wanted.keys).union(model.live.keys) where free[worker] != nil {
                // What is on its way out still takes its memory, and one of unknown size all of it.
                let copies = max(wanted[worker, default: 0], model.live[worker, default: 0])
                let taken = whole(model, on: worker) * (model.bytes == nil ? 1 : copies)
                free[worker, default: MemoryAmount()] = free[worker, default: MemoryAmount()] - taken
                if wanted[worker] == nil { leaving[worker] = leaving[worker, default: MemoryAmount()] + taken }
            }
            for (worker, kept) in model.parked where wanted[worker] == nil && free[worker] != nil {
                free[worker, default: MemoryAmount()] = free[worker, default: MemoryAmount()] - kept
            }
        }
    }

    /// Workers that can take a model, those with the most room first; without a bound is the most.
    func workers(for model: Residency.Model) -> [WorkerID] {
        budgets.keys.filter { model.able?.contains($0) ?? true }
            .sorted { (-room($0), $0) < (-room($1), $1) }
    }

    private func room(_ worker: WorkerID) -> Int { free[worker]?.main ?? 0 }

    /// Main memory of a worker that is given beyond its budget, when all that is leaving has gone.
    func excess(on worker: WorkerID) -> MemoryAmount {
        MemoryAmount(main: max(0, -(room(worker) + (leaving[worker]?.main ?? 0))))
    }

    /// What a copy takes on a worker; all that there is where nobody knows.
    private func whole(_ model: Residency.Model, on worker: WorkerID) -> MemoryAmount {
        MemoryAmount(main: model.bytes ?? (budgets[worker] ?? nil) ?? 0, cards: model.cards[worker] ?? [:])
    }

    /// What one copy asks for on a worker beyond what a parked one keeps there.
    func need(of model: Residency.Model, on worker: WorkerID) -> MemoryAmount {
        let need = whole(model, on: worker)
        guard let kept = model.parked[worker] else { return need }
        let rest = need - kept
        return MemoryAmount(main: max(0, rest.main), cards: rest.cards.mapValues { max(0, $0) })
    }

    /// Whether all copies would fit if nothing else were there.
    func couldEver(hold model: Residency.Model) -> Bool {
        var places = 0
        for worker in workers(for: model) {
            let all = MemoryAmount(
                main: (budgets[worker] ?? nil) ?? MemoryAmount.unbounded,
                cards: cards[worker] ?? [:]
            )
            let count = all.count(of: whole(model, on: worker))
            guard count < model.copies else { return true }
            places += count
        }
        return places >= model.copies
    }

    /// Why it never will.
    func refusal(of model: Residency.Model) -> String {
        let workers = workers(for: model)
        let copies = model.copies > 1 ? " for each of \(model.copies) copies" : ""
        let most = workers.compactMap { budgets[$0] ?? nil }.max()
        if let most, (model.bytes ?? .max) > most || model.cards.isEmpty || model.copies > 1 {
            let need = model.bytes.map { "\($0 >> 20) MB of memory\(copies)" } ?? "a worker\(copies)"
            return "it needs \(need), and models on demand have \(most >> 20) MB"
                + (budgets.count > 1 ? " on a worker at the most" : "")
        }
        let need = workers.compactMap { model.cards[$0]?.values.max() }.min() ?? 0
        let largest = workers.flatMap { cards[$0]?.values.map { $0 } ?? [] }.max() ?? 0
        return
            "it needs \(need >> 20) MB of graphics memory\(copies), and a card that it may use has \(largest >> 20) MB"
    }

    /// Finds a place for every copy in what is free now.
    func place(_ model: Residency.Model) -> Placement {
        var rest = free
        var places: [WorkerID: Int] = [:]
        for _ in 0..<max(1, model.copies) {
            let fitting = workers(for: model).filter { rest[$0]?.holds(need($0, places)) ?? false }
            // Where it is parked it serves soonest; else those with the most room left, and among those without a bound the
            // one with the fewest copies.
            let chosen = fitting.min { left, right in
                let parked = (isParked(left, places), isParked(right, places))
                guard parked.0 == parked.1 else { return parked.0 }
                let rooms = (rest[left]?.main ?? 0, rest[right]?.main ?? 0)
                return rooms.0 != rooms.1
                    ? rooms.0 > rooms.1 : (places[left, default: 0], left) < (places[right, default: 0], right)
            }
            guard let chosen else { return .short }
            if let left = rest[chosen] { rest[chosen] = left - need(chosen, places) }
            places[chosen, default: 0] += 1
        }
        return .all(places)

        func isParked(_ worker: WorkerID, _ places: [WorkerID: Int]) -> Bool {
            model.parked[worker] != nil && places[worker] == nil
        }
        func need(_ worker: WorkerID, _ places: [WorkerID: Int]) -> MemoryAmount {
            places[worker] == nil ? self.need(of: model, on: worker) : whole(model, on: worker)
        }
    }

    /// What is missing on a worker for one more copy than it has room for, when all that is leaving has gone; what is not
    /// missing is not positive.
    func missing(_ model: Residency.Model, on worker: WorkerID) -> MemoryAmount {
        guard let free = free[worker] else { return MemoryAmount() }
        let need = need(of: model, on: worker)
        // Copies that find room as it is are no reason to make more.
        let inFree = min(free.count(of: need), max(0, model.copies - 1))
        var missing = need * (inFree + 1) - free - (leaving[worker] ?? MemoryAmount())
        // As in `holds`: what is short on other cards does not matter to it.
        missing.cards = missing.cards.filter { need.cards[$0.key] != nil && free.cards[$0.key] != nil }
        return missing
    }
}
