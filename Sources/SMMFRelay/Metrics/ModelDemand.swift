// SPDX-License-Identifier: MIT

import Synchronization

/// How much a model is asked for.
public struct ModelDemand: Sendable, Hashable {
    /// Requests that have ended, however.
    public internal(set) var finished = 0
    /// Requests that wait for the model to be there.
    public internal(set) var held = 0

    /// Creates no demand.
    public init() {}
}

extension RelayLoop {
    /// The demand for some models, as this loop sees it.
    func demand(for names: [String]) -> [ModelDemand] {
        let waiting = held.compactMap { $0.request?.model }
        return names.map { name in
            var demand = ModelDemand()
            if let row = traffic.row(of: name) { demand.finished = row.finished }
            demand.held = waiting.count { $0 == name }
            return demand
        }
    }
}

extension RelayServer {
    /// The demand for some models over all loops, in their order.
    public func demand(for names: [String]) async -> [ModelDemand] {
        var sum = names.map { _ in ModelDemand() }
        for handle in state.withLock(\.loops) {
            guard let part = await handle.run({ $0.demand(for: names) }) else { continue }
            for (index, demand) in part.enumerated() {
                sum[index].finished += demand.finished
                sum[index].held += demand.held
            }
        }
        return sum
    }
}
