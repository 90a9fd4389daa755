// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTelemetry

/// The API Server's page for Prometheus. Labels are model and instance names, ids of keys and statuses, all of them
/// ours, so that a client cannot make the page grow.
enum GatewayMetrics {
    static func page(
        _ metrics: RelayMetrics,
        table: RoutingTable,
        costs: CostBook,
        keys: KeyTable,
        log: AccessLog.Counts?,
        staleness: Duration
    ) -> String {
        var page = PrometheusText()
        requests(metrics, &page)
        tokens(metrics, &page)
        append(costs, to: &page)
        latencies(metrics, &page)
        connections(metrics, &page)
        instances(metrics, table, &page)
        append(keys, metrics, to: &page)
        if let log { accessLog(log, &page) }
        let (seconds, attoseconds) = staleness.components
        page.family(
            "smmf_registry_staleness_seconds",
            .gauge,
            "How long the registry has not answered; 0 while it does."
        )
        page.sample("smmf_registry_staleness_seconds", Double(seconds) + Double(attoseconds) / 1e18)
        return page.text
    }

    private static func requests(_ metrics: RelayMetrics, _ page: inout PrometheusText) {
        page.family("smmf_requests_total", .counter, "Requests to models, by how they ended.")
        for (model, traffic) in sorted(metrics) {
            let endings = [
                ("completed", traffic.completed), ("cancelled", traffic.cancelled), ("broken", traffic.broken),
            ]
            for (outcome, count) in endings {
                page.sample("smmf_requests_total", count, [("model", model), ("outcome", outcome), ("status", "200")])
            }
            for (outcome, counts) in [("failed", traffic.failed), ("refused", traffic.refused)] {
                for (status, count) in counts.sorted(by: { $0.key < $1.key }) {
                    let labels = [("model", model), ("outcome", outcome), ("status", String(status))]
                    page.sample("smmf_requests_total", count, labels)
                }
            }
        }
        page.family("smmf_requests_refused_total", .counter, "Requests refused before they reached a model.")
        for (status, count) in metrics.refused.sorted(by: { $0.key < $1.key }) {
            page.sample("smmf_requests_refused_total", count, [("status", String(status))])
        }
        page.family("smmf_retries_total", .counter, "Attempts on another instance after one had failed.")
        for (model, traffic) in sorted(metrics) {
            page.sample("smmf_retries_total", traffic.retries, [("model", model)])
        }
        page.family("smmf_requests_in_flight", .gauge, "Requests to models under way, held ones included.")
        page.sample("smmf_requests_in_flight", metrics.inFlight)
        page.family("smmf_requests_held", .gauge, "Requests that wait for a model on its way.")
        page.sample("smmf_requests_held", metrics.held)
        page.family("smmf_local_requests_total", .counter, "Requests that the API Server answered by itself.")
        page.sample("smmf_local_requests_total", metrics.local)
    }

    private static func connections(_ metrics: RelayMetrics, _ page: inout PrometheusText) {
        let numbers: [(String, PrometheusText.Kind, String, Int)] = [
            ("smmf_connections", .gauge, "Client connections open.", metrics.connections),
            ("smmf_http2_streams", .gauge, "HTTP/2 streams open; each carries one request.", metrics.streams),
            ("smmf_connections_accepted_total", .counter, "Client connections accepted.", metrics.connectionsAccepted),
            (
                "smmf_connections_refused_total", .counter, "Client connections over the limit.",
                metrics.connectionsRefused
            ),
            (
                "smmf_tls_handshakes_failed_total", .counter,
                "Client connections that ended before their TLS handshake did.", metrics.handshakesFailed
            ),
            ("smmf_upstream_connections", .gauge, "Connections to instances open.", metrics.upstreamConnections),
            ("smmf_upstream_idle", .gauge, "Connections to instances without a request.", metrics.upstreamIdle),
            ("smmf_upstream_connects_total", .counter, "Connections to instances opened.", metrics.upstreamConnects),
            (
                "smmf_upstream_connect_failures_total", .counter, "Connections to instances that failed to open.",
                metrics.upstreamConnectFailures
            ),
            (
                "smmf_upstream_stale_total", .counter, "Kept connections found closed when the next request was sent.",
                metrics.staleConnections
            ),
            ("smmf_received_bytes_total", .counter, "Bytes from clients.", metrics.bytesFromClients),
            ("smmf_sent_bytes_total", .counter, "Bytes to clients.", metrics.bytesToClients),
        ]
        for (name, kind, help, value) in numbers {
            page.family(name, kind, help)
            page.sample(name, value)
        }
    }

    private static func accessLog(_ counts: AccessLog.Counts, _ page: inout PrometheusText) {
        page.family("smmf_access_log_lines_total", .counter, "Lines of the access log, by what became of them.")
        for (fate, count) in [("written", counts.written), ("dropped", counts.dropped)] {
            page.sample("smmf_access_log_lines_total", count, [("fate", fate)])
        }
    }

    static func sorted(_ metrics: RelayMetrics) -> [(key: String, value: ModelTraffic)] {
        metrics.models.sorted { $0.key < $1.key }
    }
}
