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
    /// Free bytes of the workers that have a bound, without what is reserved.
    private var free: [WorkerID: Int] = [:]
    /// Bytes that come free by themselves, as their models are going.
    private var leaving: [WorkerID: Int] = [:]

    init(
        _ models: [Residency.Model],
        _ residents: [ModelName: [WorkerID: Int]],
        budgets: [WorkerID: Int?],
        reserved: [WorkerID: Int]
    ) {
        self.budgets = budgets
        for case (let worker, let budget?) in budgets { free[worker] = budget - reserved[worker, default: 0] }
        for model in models {
            let wanted = residents[model.name] ?? [:]
            for worker in Set(wanted.keys).union(model.live.keys) {
                guard let budget = budgets[worker] ?? nil else { continue }
                // What is on its way out still takes its memory, and one of unknown size all of it.
                let bytes = model.bytes.map { $0 * max(wanted[worker, default: 0], model.live[worker, default: 0]) }
                free[worker, default: 0] -= bytes ?? budget
                if wanted[worker] == nil { leaving[worker, default: 0] += bytes ?? budget }
            }
        }
    }

    /// Workers that can take a model, those with the most room first; without a bound is the most.
    func workers(for model: Residency.Model) -> [WorkerID] {
        budgets.keys.filter { model.able?.contains($0) ?? true }
            .sorted { (-room($0), $0) < (-room($1), $1) }
    }

    private func room(_ worker: WorkerID) -> Int { free[worker] ?? .max }

    /// Bytes that one copy asks for on a worker.
    func need(of model: Residency.Model, on worker: WorkerID) -> Int { model.bytes ?? (budgets[worker] ?? nil) ?? 0 }

    /// Whether all copies would fit if nothing else were there.
    func couldEver(hold model: Residency.Model) -> Bool {
        var places = 0
        for worker in workers(for: model) {
            guard let budget = budgets[worker] ?? nil else { return true }
            places += model.bytes.map { $0 == 0 ? model.copies : budget / $0 } ?? 1
        }
        return places >= model.copies
    }

    /// Why it never will.
    func refusal(of model: Residency.Model) -> String {
        let most = workers(for: model).compactMap { budgets[$0] ?? nil }.max() ?? 0
        let copies = model.copies > 1 ? " for each of \(model.copies) copies" : ""
        let need = model.bytes.map { "\($0 >> 20) MB of memory\(copies)" } ?? "a worker\(copies)"
        return "it needs \(need), and models on demand have \(most >> 20) MB"
            + (budgets.count > 1 ? " on a worker at the most" : "")
    }

    /// Finds a place for every copy in what is free now.
    func place(_ model: Residency.Model) -> Placement {
        var rest = free
        var places: [WorkerID: Int] = [:]
        for _ in 0..<max(1, model.copies) {
            let fitting = workers(for: model).filter { (rest[$0] ?? .max) >= need(of: model, on: $0) }
            // Those with the most room left, and among those without a bound the one with the fewest copies.
            let chosen = fitting.min { left, right in
                let rooms = (rest[left] ?? .max, rest[right] ?? .max)
                return rooms.0 != rooms.1
                    ? rooms.0 > rooms.1 : (places[left, default: 0], left) < (places[right, default: 0], right)
            }
            guard let chosen else { return .short }
            places[chosen, default: 0] += 1
            if let left = rest[chosen] { rest[chosen] = left - need(of: model, on: chosen) }
        }
        return .all(places)
    }

    /// Bytes that are missing on a worker for one more copy than it has room for, when all that is leaving has gone.
    func missing(_ model: Residency.Model, on worker: WorkerID) -> Int {
        guard let free = free[worker] else { return 0 }
        let need = need(of: model, on: worker)
        // Copies that find room as it is are no reason to make more.
        let inFree = need > 0 ? max(0, free) / need : 0
        return need * (min(inFree, max(0, model.copies - 1)) + 1) - free - leaving[worker, default: 0]
    }
}
