// SPDX-License-Identifier: MIT

import SMMFCore

/// Which of the models that are loaded on demand shall be in memory: a value that takes what was asked for, and decides.
///
/// A model is loaded when requests wait for it, oldest first, and let go of when nobody has asked for it for its own time,
/// or to make room. Who makes room is chosen by what bringing it back would cost, as often as it is asked for, against the
/// memory that it gives. Nothing is let go of while it works, nor in the first moments after it came, so that two models
/// that are asked for in turns do not chase each other; only a request that has waited too long ends that.
struct Residency: Sendable {
    /// What a decision needs to know of a model.
    struct Model: Sendable, Hashable {
        var name: ModelName
        /// Memory that it takes; 0 when unknown.
        var bytes: Int
        var unloadAfter: Duration
        /// How long it takes to load.
        var loadTime: Duration
        /// Whether anything of it is in memory, be it coming or going.
        var isLive: Bool
    }

    private struct Use: Sendable {
        var lastUsed: Duration
        /// Requests, fading with the time since.
        var weight = 0.0
        var inFlight = 0
        var waiting = 0
        var waitingSince: Duration?
        var residentSince: Duration?

        /// Whether it works. What nobody has told lately is over: API Servers tell of nothing that has ended.
        func isBusy(at now: Duration) -> Bool { inFlight > 0 && now - lastUsed < Residency.staleAfter }

        func isAwaited(at now: Duration) -> Bool { waitingSince != nil && now - lastUsed < Residency.staleAfter }
    }

    /// What API Servers told so long ago holds no more; they tell several times a second.
    private static let staleAfter: Duration = .seconds(2)

    /// A model stays for an eighth of the time that it took to load, and at the most so long.
    static let longestStay: Duration = .seconds(5)
    /// A request that has waited so long beyond the stay of others ends it.
    static let patience: Duration = .seconds(10)
    /// In so many seconds the memory of a request fades to a third.
    private static let fading = 120.0

    private(set) var residents: Set<ModelName> = []
    /// Why a model cannot be loaded.
    private(set) var notices: [ModelName: String] = [:]
    private var uses: [ModelName: Use] = [:]

    /// Takes what an API Server saw.
    mutating func note(_ report: DemandReport, at now: Duration) {
        for entry in report.entries {
            var use = uses[entry.model] ?? Use(lastUsed: now)
            let more = max(
                0,
                entry.inFlight + entry.waiting - (isRecent(use, at: now) ? use.inFlight + use.waiting : 0)
            )
            use.weight = Self.faded(use, at: now) + Double(more)
            if !use.isAwaited(at: now) { use.waitingSince = nil }
            use.lastUsed = now
            use.inFlight = entry.inFlight
            use.waiting = entry.waiting
            use.waitingSince = entry.waiting > 0 ? use.waitingSince ?? now : nil
            uses[entry.model] = use
        }
    }

    private func isRecent(_ use: Use, at now: Duration) -> Bool { now - use.lastUsed < Self.staleAfter }

    /// Whether a request waits for a model that is not to be loaded yet.
    func isAwaited(_ name: ModelName, at now: Duration) -> Bool {
        uses[name]?.isAwaited(at: now) == true && !residents.contains(name)
    }

    /// Decides which models shall be in memory; `budget` is the memory for all of them, nil without a bound.
    mutating func decide(_ models: [Model], budget: Int?, at now: Duration) -> Set<ModelName> {
        let known = Dictionary(models.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        uses = uses.filter { known[$0.key] != nil }
        residents = residents.filter { known[$0] != nil }
        notices = [:]
        for model in models where residents.contains(model.name) && isIdle(model, at: now) { release(model.name) }
        let waiting = models.filter { isAwaited($0.name, at: now) }
            .sorted { (uses[$0.name]?.waitingSince ?? now, $0.name) < (uses[$1.name]?.waitingSince ?? now, $1.name) }
        // Room that comes free is kept for those who wait longest, or small models would starve large ones.
        var reserved = 0
        for model in waiting where !admit(model, among: models, beside: reserved, budget: budget, at: now) {
            reserved += model.bytes
        }
        return residents
    }

    /// Loads a model where there is room beside what is reserved, or makes room for it. Returns false while it waits.
    private mutating func admit(
        _ model: Model,
        among models: [Model],
        beside reserved: Int,
        budget: Int?,
        at now: Duration
    ) -> Bool {
        guard let budget else {
            settle(model.name, at: now)
            return true
        }
        guard model.bytes <= budget else {
            let sizes = [model.bytes, budget].map { "\($0 >> 20) MB" }
            notices[model.name] = "it needs \(sizes[0]) of memory, and models on demand have \(sizes[1])"
            return true
        }
        // What is on its way out still takes its memory.
        let taken = models.filter { residents.contains($0.name) || $0.isLive }
        let free = budget - taken.reduce(0) { $0 + $1.bytes } - reserved
        let isGoing = taken.contains { $0.name == model.name }
        if model.bytes <= free, !isGoing {
            settle(model.name, at: now)
            return true
        }
        let leaving = taken.filter { !residents.contains($0.name) }.reduce(0) { $0 + $1.bytes }
        let missing = model.bytes - free - leaving
        if missing > 0 {
            for victim in victims(for: model, among: models, freeing: missing, at: now) { release(victim) }
        }
        return false
    }

    /// The cheapest residents to do without that give `missing` bytes; none where they do not.
    private func victims(for model: Model, among models: [Model], freeing missing: Int, at now: Duration) -> [ModelName]
    {
        let waited = now - (uses[model.name]?.waitingSince ?? now)
        let candidates = models.filter { other in
            guard residents.contains(other.name), let use = uses[other.name] else { return false }
            let stay = min(Self.longestStay, other.loadTime / 8)
            let hasStayed = now - (use.residentSince ?? now) >= stay
            // One that is still being loaded for others would only come back at once.
            guard !use.isAwaited(at: now) else { return false }
            return waited >= stay + Self.patience || hasStayed && !use.isBusy(at: now)
        }
        var chosen: [Model] = []
        var freed = 0
        for candidate in candidates.sorted(by: { worth($0, at: now) < worth($1, at: now) }) where freed < missing {
            chosen.append(candidate)
            freed += candidate.bytes
        }
        guard freed >= missing else { return [] }
        // A large one at the end may have made earlier ones needless.
        for candidate in chosen where freed - candidate.bytes >= missing {
            chosen.removeAll { $0.name == candidate.name }
            freed -= candidate.bytes
        }
        return chosen.map(\.name)
    }

    /// Seconds of loading that keeping a model is likely to save, for each byte that it takes.
    private func worth(_ model: Model, at now: Duration) -> Double {
        guard let use = uses[model.name] else { return 0 }
        let (seconds, attoseconds) = max(model.loadTime, .milliseconds(100)).components
        let cost = Double(seconds) + Double(attoseconds) / 1e18
        return cost * Self.faded(use, at: now) / Double(max(1, model.bytes))
    }

    private static func faded(_ use: Use, at now: Duration) -> Double {
        let (seconds, attoseconds) = (now - use.lastUsed).components
        let age = Double(seconds) + Double(attoseconds) / 1e18
        return use.weight / (1 + age / fading * 2)
    }

    private func isIdle(_ model: Model, at now: Duration) -> Bool {
        guard let use = uses[model.name] else { return true }
        return !use.isBusy(at: now) && !use.isAwaited(at: now) && now - use.lastUsed >= model.unloadAfter
    }

    private mutating func settle(_ name: ModelName, at now: Duration) {
        residents.insert(name)
        uses[name]?.residentSince = now
    }

    private mutating func release(_ name: ModelName) {
        residents.remove(name)
        uses[name]?.residentSince = nil
    }
}
