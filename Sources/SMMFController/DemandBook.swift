// SPDX-License-Identifier: MIT

import SMMFCore

/// What API Servers tell of the models that they are asked for, summed over all of them: a value.
struct DemandBook: Sendable {
    /// What one API Server told last of a model.
    private struct Told: Sendable {
        var inFlight: Int
        var waiting: Int
        var at: Duration
    }

    private struct Use: Sendable {
        var lastUsed: Duration
        /// Requests, fading with the time since.
        var weight = 0.0
        var waitingSince: Duration?
        var told: [String: Told] = [:]
    }

    /// What was told so long ago holds no more: API Servers tell several times a second, and nothing of what has ended.
    private static let staleAfter: Duration = .seconds(2)
    /// In so many seconds the memory of a request fades to a third.
    private static let fading = 120.0
    /// API Servers whose word on one model is kept.
    private static let serverLimit = 1000

    private var uses: [ModelName: Use] = [:]

    /// Takes what an API Server saw.
    mutating func note(_ report: DemandReport, at now: Duration) {
        let server = report.server ?? ""
        for entry in report.entries {
            var use = uses[entry.model] ?? Use(lastUsed: now)
            let (inFlight, waiting) = (max(0, entry.inFlight), max(0, entry.waiting))
            let wasAwaited = Self.waiting(use, at: now) > 0
            let before =
                use.told[server].flatMap { now - $0.at < Self.staleAfter ? $0.inFlight + $0.waiting : nil } ?? 0
            use.weight = Self.faded(use, at: now) + Double(max(0, inFlight + waiting - before))
            use.lastUsed = now
            use.told = use.told.filter { now - $0.value.at < Self.staleAfter }
            if use.told.count < Self.serverLimit || use.told[server] != nil {
                use.told[server] = Told(inFlight: inFlight, waiting: waiting, at: now)
            }
            use.waitingSince = Self.waiting(use, at: now) > 0 ? (wasAwaited ? use.waitingSince : nil) ?? now : nil
            uses[entry.model] = use
        }
    }

    /// Notes that a model is wanted, though nobody told of it.
    mutating func touch(_ name: ModelName, at now: Duration) {
        uses[name, default: Use(lastUsed: now)].lastUsed = now
    }

    /// Forgets all models but these.
    mutating func keep(_ names: Set<ModelName>, at now: Duration) {
        uses = uses.filter { names.contains($0.key) }
    }

    func lastUsed(_ name: ModelName) -> Duration? { uses[name]?.lastUsed }

    /// Since when requests wait for a model without a break.
    func waitingSince(_ name: ModelName) -> Duration? { uses[name]?.waitingSince }

    /// Whether any API Server has requests on it.
    func isBusy(_ name: ModelName, at now: Duration) -> Bool {
        uses[name].map { use in use.told.values.contains { $0.inFlight > 0 && now - $0.at < Self.staleAfter } } ?? false
    }

    /// Whether any API Server has requests that wait for it.
    func isAwaited(_ name: ModelName, at now: Duration) -> Bool {
        uses[name].map { Self.waiting($0, at: now) > 0 } ?? false
    }

    /// How often it was asked for of late.
    func weight(of name: ModelName, at now: Duration) -> Double { uses[name].map { Self.faded($0, at: now) } ?? 0 }

    private static func waiting(_ use: Use, at now: Duration) -> Int {
        use.told.values.reduce(0) { now - $1.at < staleAfter ? $0 + $1.waiting : $0 }
    }

    private static func faded(_ use: Use, at now: Duration) -> Double {
        let (seconds, attoseconds) = (now - use.lastUsed).components
        let age = Double(seconds) + Double(attoseconds) / 1e18
        return use.weight / (1 + age / fading * 2)
    }
}
