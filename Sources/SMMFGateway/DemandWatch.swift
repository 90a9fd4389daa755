// SPDX-License-Identifier: MIT

import Logging
import SMMFCore
import SMMFRelay
import SMMFRouting

/// Tells the controller which of the models that are loaded on demand are asked for. Never on a request's way: it looks at
/// counts a few times a second.
struct DemandWatch: Sendable {
    /// How long a request for a model that is not loaded may wait until the controller hears of it.
    private static let interval: Duration = .milliseconds(200)

    private let server: RelayServer
    /// Names this run of this API Server.
    private let name: String
    private let table: @Sendable () -> RoutingTable
    private let sink: any DemandSink
    private let clock: any Clock<Duration>
    private let logger: Logger

    init(
        _ server: RelayServer,
        name: String,
        sink: any DemandSink,
        clock: any Clock<Duration>,
        logger: Logger,
        table: @escaping @Sendable () -> RoutingTable
    ) {
        self.server = server
        self.name = name
        self.sink = sink
        self.clock = clock
        self.logger = logger
        self.table = table
    }

    /// Watches until the task is cancelled.
    func run() async {
        var finished: [ModelName: Int] = [:]
        var isFailing = false
        while (try? await clock.sleep(for: Self.interval)) != nil {
            let report = await look(&finished)
            guard !report.entries.isEmpty else { continue }
            do {
                try await sink.note(report)
                isFailing = false
            } catch {
                if !isFailing {
                    logger.warning("the demand for models is not reported", metadata: ["error": "\(error)"])
                }
                isFailing = true
            }
        }
    }

    /// The models that are in use, were used since the last look, or are waited for.
    private func look(_ finished: inout [ModelName: Int]) async -> DemandReport {
        let entries = table().sorted.filter(\.isOnDemand).prefix(DemandReport.entryLimit)
        guard !entries.isEmpty else { return DemandReport(entries: []) }
        let demands = await server.demand(for: entries.map(\.name.text))
        var found: [ModelName: DemandReport.Entry] = [:]
        for (entry, demand) in zip(entries, demands) {
            // Who asks for a route waits for the first model behind it that can be loaded.
            let before = finished.updateValue(demand.finished, forKey: entry.name) ?? 0
            guard let model = entry.onDemand.first else { continue }
            let instances = entry.name == model ? entry.groups.flatMap(\.instances) : []
            let inFlight = instances.reduce(0) { $0 + $1.load.inFlight }
            guard inFlight > 0 || demand.held > 0 || demand.finished != before else { continue }
            found[model, default: .init(model: model, inFlight: 0, waiting: 0)].inFlight += inFlight
            found[model]?.waiting += demand.held
        }
        return DemandReport(entries: found.values.sorted { $0.model < $1.model }, server: name)
    }
}
