// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRouting

/// What a reader of the metrics gets; put together only when somebody asks.
extension RelayLoop {
    func snapshot() -> RelayMetrics {
        var copy = metrics
        copy.models = traffic.byName
        copy.held = held.count
        copy.connections = openConnections
        copy.streams = streams
        copy.instances = instances()
        return copy
    }

    private func instances() -> [InstanceID: InstanceTraffic] {
        var result: [InstanceID: InstanceTraffic] = [:]
        let now = clock()
        for instance in table.sorted.lazy.flatMap(\.groups).flatMap(\.instances) where result[instance.id] == nil {
            var counts = pools[instance.endpoint]?.counts ?? InstanceTraffic()
            if let breaker = breakers[instance.id], !breaker.allows(at: now) { counts.openBreakers = 1 }
            result[instance.id] = counts
        }
        return result
    }
}
