// SPDX-License-Identifier: MIT

import NIOCore
import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTelemetry

/// How this API Server stands with each instance.
extension GatewayMetrics {
    private struct Row {
        let labels: [(String, String)]
        let inFlight: Int
        /// Nil for engines.
        let rest: InstanceRest?
        let traffic: InstanceTraffic
    }

    static func instances(_ metrics: RelayMetrics, _ table: RoutingTable, _ page: inout PrometheusText) {
        var rows: [Row] = []
        var seen: Set<InstanceID> = []
        for group in table.sorted.lazy.flatMap(\.groups) {
            for instance in group.instances where seen.insert(instance.id).inserted {
                rows.append(
                    Row(
                        labels: [("model", group.model.text), ("instance", instance.id.text)],
                        inFlight: instance.load.inFlight,
                        rest: instance.rest,
                        traffic: metrics.instances[instance.id] ?? InstanceTraffic()
                    )
                )
            }
        }
        let gauges: [(String, String, (Row) -> Int)] = [
            ("smmf_instance_in_flight", "Requests of this API Server that run on an instance.", \.inFlight),
            ("smmf_instance_waiting", "Requests in line for a connection to an instance.", \.traffic.waiting),
            (
                "smmf_instance_breakers_open", "Event loops that keep requests away from an instance after failures.",
                \.traffic.openBreakers
            ),
        ]
        for (name, help, value) in gauges {
            page.family(name, .gauge, help)
            for row in rows { page.sample(name, value(row), row.labels) }
        }
        rests(rows, &page)
        page.family("smmf_instance_connections", .gauge, "Connections to an instance.")
        for row in rows {
            let traffic = row.traffic
            let states = [
                ("busy", traffic.connections - traffic.idle), ("idle", traffic.idle), ("opening", traffic.connecting),
            ]
            for (state, count) in states {
                page.sample("smmf_instance_connections", count, row.labels + [("state", state)])
            }
        }
    }

    /// How providers' keys stand.
    private static func rests(_ rows: [Row], _ page: inout PrometheusText) {
        let now = NIODeadline.now().uptimeNanoseconds
        page.family(
            "smmf_instance_rest_seconds",
            .gauge,
            "How long a provider's key still rests, as it reached a limit, has no money left or is refused; 0 for one in use."
        )
        for row in rows {
            guard let rest = row.rest else { continue }
            page.sample("smmf_instance_rest_seconds", Double(rest.left(at: now)) / 1e9, row.labels)
        }
        page.family("smmf_instance_rests_total", .counter, "How often a provider's key was sent to rest.")
        for row in rows { if let rest = row.rest { page.sample("smmf_instance_rests_total", rest.count, row.labels) } }
    }
}
