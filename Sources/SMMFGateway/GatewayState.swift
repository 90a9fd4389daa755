// SPDX-License-Identifier: MIT

import NIOCore
import SMMFCore
import SMMFProviders
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
        /// Of the models in the table.
        var prices: [String: ModelPrice] = [:]
        var costs = CostBook()
    }

    private let content = Mutex(Content())
    private let accessLog: AccessLog?
    private let prices: PriceTable
    /// Answers of Responses that are kept for later turns.
    let responses = ResponseMemory()

    init(_ accessLog: AccessLog? = nil, prices: PriceTable = PriceTable()) {
        self.accessLog = accessLog
        self.prices = prices
    }

    func attach(_ server: RelayServer) { content.withLock { $0.server = server } }

    func attach(_ mirror: RegistryMirror) { content.withLock { $0.mirror = mirror } }

    var table: RoutingTable { content.withLock { $0.table } }

    /// Takes new tables and returns the models that serve for the first time with them.
    func publish(_ table: RoutingTable, _ keys: KeyTable) -> [ModelName] {
        let prices = CostBook.prices(table, prices)
        return content.withLock { content in
            content.table = table
            content.prices = prices
            content.keys = keys
            let serving = table.sorted.filter { $0.availability == .serving }.map(\.name)
            return serving.filter { content.servedOnce.insert($0).inserted }
        }
    }

    /// Counts what was used until now at the prices of now; called before those change.
    func settleCosts(before table: RoutingTable) async {
        // Also where prices only come: what was used before them is not charged.
        let isPriced = !CostBook.prices(table, prices).isEmpty
        guard let server = content.withLock({ $0.prices.isEmpty && !isPriced ? nil : $0.server }) else { return }
        note(await server.metrics())
    }

    private func note(_ metrics: RelayMetrics) {
        content.withLock { $0.costs.note(metrics.models, prices: $0.prices) }
    }

    /// How this API server stands with the instances of the models in `scope`.
    func standings(_ scope: ModelScope?) async -> [InstanceStanding] {
        let (table, server) = content.withLock { ($0.table, $0.server) }
        let metrics = await server?.metrics() ?? RelayMetrics()
        return InstanceStandings.all(table, metrics, prices, scope: scope, at: NIODeadline.now().uptimeNanoseconds)
    }

    /// The page for Prometheus.
    func metricsPage() async -> String {
        let (table, keys, server, mirror) = content.withLock { ($0.table, $0.keys, $0.server, $0.mirror) }
        let metrics = await server?.metrics() ?? RelayMetrics()
        note(metrics)
        let costs = content.withLock(\.costs)
        let staleness = await mirror?.staleness ?? .zero
        return GatewayMetrics.page(
            metrics,
            table: table,
            costs: costs,
            keys: keys,
            log: accessLog?.counts,
            staleness: staleness
        )
    }
}
