// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTelemetry

extension GatewayMetrics {
    /// So many keys have lines of their own; the others are added up under the name `other`.
    private static let keyLimit = 1000

    /// Appends what keys used and why they were refused.
    static func append(_ keys: KeyTable, _ metrics: RelayMetrics, to page: inout PrometheusText) {
        let used = keys.sorted.filter { $0.meter.requestCount > 0 }
        var rows = used.prefix(keyLimit).map { KeyRow($0.id.text, [$0.meter]) }
        let others = used.dropFirst(keyLimit).map(\.meter)
        if !others.isEmpty { rows.append(KeyRow("other", others)) }
        page.family("smmf_key_requests_total", .counter, "Requests admitted, by the id of their API key.")
        for row in rows { page.sample("smmf_key_requests_total", row.requests, [("key", row.name)]) }
        page.family("smmf_key_requests_in_flight", .gauge, "Requests under way, by the id of their API key.")
        for row in rows { page.sample("smmf_key_requests_in_flight", row.inFlight, [("key", row.name)]) }
        page.family("smmf_key_tokens_total", .counter, "Tokens charged to API keys, and whether an instance said so.")
        for row in rows {
            let kinds = [("reported", row.tokens - row.estimated), ("estimated", row.estimated)]
            for (kind, count) in kinds {
                page.sample("smmf_key_tokens_total", count, [("key", row.name), ("kind", kind)])
            }
        }
        page.family("smmf_key_refusals_total", .counter, "Requests refused for their API key, by reason.")
        for reason in KeyRefusalReason.allCases {
            let count = metrics.keyRefusals[reason] ?? 0
            page.sample("smmf_key_refusals_total", count, [("reason", reason.rawValue)])
        }
    }

    private struct KeyRow {
        let name: String
        let requests: Int
        let inFlight: Int
        let tokens: Int
        let estimated: Int

        init(_ name: String, _ meters: [KeyMeter]) {
            self.name = name
            requests = meters.reduce(0) { $0 + $1.requestCount }
            inFlight = meters.reduce(0) { $0 + $1.inFlight }
            tokens = meters.reduce(0) { $0 + $1.tokenCount }
            estimated = meters.reduce(0) { $0 + $1.estimatedTokenCount }
        }
    }
}
