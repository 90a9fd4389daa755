// SPDX-License-Identifier: MIT

import SMMFCore

/// What a model takes: its memory, as predicted from its files until it was measured, and the time until it serves. A
/// value. Memory is known by everything that a deployment says of the engine, as any of it changes what is taken.
struct MemoryLedger: Sendable {
    private struct Entry: Sendable {
        var measured: Int?
        /// What one keeps that is parked, as last seen.
        var parked: MemoryAmount?
        /// What one was seen to take of each worker's cards.
        var cards: [WorkerID: [Int: Int]] = [:]
        var predicted: Int?
        var askedAt: Duration?
    }

    private var entries: [EngineSpec: Entry] = [:]
    private var loadTimes: [ModelName: Duration] = [:]
    private var begun: [InstanceID: Duration] = [:]

    /// So many models are remembered.
    private static let limit = 10_000
    /// A file that is not there yet may have come after so long.
    private static let askAgainAfter: Duration = .seconds(30)

    /// Takes the instances as they are now; `deployments` tells what they were started with.
    mutating func note(_ instances: [Instance], of deployments: [ModelName: Deployment], at now: Duration) {
        if entries.count > Self.limit || loadTimes.count > Self.limit { self = MemoryLedger() }
        for instance in instances {
            switch instance.state {
            case .starting, .loading, .warming:
                if begun[instance.id] == nil { begun[instance.id] = now }
            case .ready:
                if let start = begun.removeValue(forKey: instance.id) { loadTimes[instance.model] = now - start }
                guard let spec = Self.spec(of: instance, deployments) else { continue }
                if let worker = instance.worker, let cards = instance.cardMemory {
                    entries[spec, default: Entry()].cards[worker, default: [:]].merge(cards, uniquingKeysWith: max)
                }
                guard let memory = instance.memory else { continue }
                entries[spec, default: Entry()].measured = max(memory, entries[spec]?.measured ?? 0)
            case .parked:
                guard let spec = Self.spec(of: instance, deployments) else { continue }
                entries[spec, default: Entry()].parked = instance.held
            default: break
            }
        }
        let present = Set(instances.map(\.id))
        begun = begun.filter { present.contains($0.key) }
    }

    /// What an instance was started with; nil where its deployment has changed since.
    private static func spec(of instance: Instance, _ deployments: [ModelName: Deployment]) -> EngineSpec? {
        guard let deployment = deployments[instance.model], deployment.generation == instance.generation,
            case .engine(let spec) = deployment.backend
        else { return nil }
        return spec
    }

    /// What an instance was seen to take of a worker's cards; nil before one was.
    func cards(of spec: EngineSpec, on worker: WorkerID) -> [Int: Int]? { entries[spec]?.cards[worker] }

    /// What an instance keeps while it is parked; nil before one was.
    func parkedSize(of spec: EngineSpec) -> MemoryAmount? { entries[spec]?.parked }

    /// Bytes that one instance takes; nil when nothing tells. `predict` looks at files, so it is asked now and then only.
    mutating func bytes(of spec: EngineSpec, at now: Duration, predict: (EngineSpec) -> Int?) -> Int? {
        var entry = entries[spec] ?? Entry()
        if let measured = entry.measured { return measured }
        if entry.predicted == nil, entry.askedAt.map({ now - $0 >= Self.askAgainAfter }) ?? true {
            entry.predicted = predict(spec)
            entry.askedAt = now
            entries[spec] = entry
        }
        // The system lets it have no more than its limit.
        let limit = spec.limits.memory.map { $0 << 20 }
        return entry.predicted.map { min($0, limit ?? $0) } ?? limit
    }

    /// The time that the last load took; zero before any was seen.
    func loadTime(of model: ModelName) -> Duration { loadTimes[model] ?? .zero }
}

extension Instance {
    /// The memory that it holds, as last seen.
    var held: MemoryAmount { MemoryAmount(main: memory ?? 0, cards: cardMemory ?? [:]) }
}
