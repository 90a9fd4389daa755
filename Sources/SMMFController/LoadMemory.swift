// SPDX-License-Identifier: MIT

import SMMFCore

/// What loading a model was seen to take: its memory, and the time until it served. A value.
struct LoadMemory: Sendable {
    private var bytes: [ModelName: Int] = [:]
    private var loadTimes: [ModelName: Duration] = [:]
    private var begun: [InstanceID: Duration] = [:]

    /// So many models are remembered.
    private static let limit = 10_000

    /// Takes the instances as they are now.
    mutating func note(_ instances: [Instance], at now: Duration) {
        guard bytes.count < Self.limit, loadTimes.count < Self.limit else {
            self = LoadMemory()
            return
        }
        for instance in instances {
            switch instance.state {
            case .starting, .loading, .warming:
                if begun[instance.id] == nil { begun[instance.id] = now }
            case .ready:
                if let memory = instance.memory { bytes[instance.model] = max(memory, bytes[instance.model] ?? 0) }
                if let start = begun.removeValue(forKey: instance.id) { loadTimes[instance.model] = now - start }
            default: break
            }
        }
        let present = Set(instances.map(\.id))
        begun = begun.filter { present.contains($0.key) }
    }

    /// Bytes that one instance takes; 0 before any was seen.
    func bytes(of model: ModelName) -> Int { bytes[model] ?? 0 }

    /// The time that the last load took; zero before any was seen.
    func loadTime(of model: ModelName) -> Duration { loadTimes[model] ?? .zero }
}
