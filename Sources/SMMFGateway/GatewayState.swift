// SPDX-License-Identifier: MIT

import NIOCore
import SMMFCore
import SMMFRelay
import SMMFRouting
import Synchronization

/// What the API Server's own pages read: the table in force, and who to ask for numbers. Never on a request's way to a
/// model.
final class GatewayState: Sendable {
    private struct Content {
        var table = RoutingTable()
        var keys = KeyTable.open
        var servedOnce: Set<ModelName> = []
        var server: RelayServer?
        var mirror: RegistryMirror?
    }

    private let content = Mutex(Content())
    private let accessLog: AccessLog?
    /// Answers of Responses that are kept for later turns.
    let responses = ResponseMemory()

    init(_ accessLog: AccessLog? = nil) { self.accessLog = accessLog }

    func attach(_ server: RelayServer) { content.withLock { $0.server = server } }

    func attach(_ mirror: RegistryMirror) { content.withLock { $0.mirror = mirror } }

    var table: RoutingTable { content.withLock { $0.table } }

    /// Takes new tables and returns the models that serve for the first time with them.
    func publish(_ table: RoutingTable, _ keys: KeyTable) -> [ModelName] {
        content.withLock { content in
            content.table = table
            content.keys = keys
            let serving = table.sorted.filter { $0.availability == .serving }.map(\.name)
            return serving.filter { content.servedOnce.insert($0).inserted }
        }
    }

    /// How this API server stands with the instances of the models in `scope`.
    func standings(_ scope: ModelScope?) async -> [InstanceStanding] {
        let (table, server) = content.withLock { ($0.table, $0.server) }
        let metrics = await server?.metrics() ?? RelayMetrics()
        return InstanceStandings.all(table, metrics, scope: scope, at: NIODeadline.now().uptimeNanoseconds)
    }

    /// The page for Prometheus.
    func metricsPage() async -> String {
        let (table, keys, server, mirror) = content.withLock { ($0.table, $0.keys, $0.server, $0.mirror) }
        let metrics = await server?.metrics() ?? RelayMetrics()
        let staleness = await mirror?.staleness ?? .zero
        return GatewayMetrics.page(metrics, table: table, keys: keys, log: accessLog?.counts, staleness: staleness)
    }
}
