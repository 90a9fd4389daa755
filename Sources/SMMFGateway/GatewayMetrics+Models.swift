// SPDX-License-Identifier: MIT

import SMMFRelay
import SMMFTelemetry
import SMMFWire

/// What models cost and how long they take.
extension GatewayMetrics {
    static func tokens(_ metrics: RelayMetrics, _ page: inout PrometheusText) {
        page.family(
            "smmf_tokens_total",
            .counter,
            "Tokens; estimated where an instance did not come to report them. Cached and reasoning are parts of the others."
        )
        for (model, traffic) in sorted(metrics) {
            for (isEstimated, usage) in [("false", traffic.tokens), ("true", traffic.estimatedTokens)] {
                let kinds = [
                    ("prompt", usage.prompt), ("completion", usage.completion), ("cached", usage.cached),
                    ("reasoning", usage.reasoning),
                ]
                for (kind, count) in kinds {
                    let labels = [("model", model), ("kind", kind), ("estimated", isEstimated)]
                    page.sample("smmf_tokens_total", count, labels)
                }
            }
        }
        page.family("smmf_requests_settled_total", .counter, "Requests whose tokens were counted.")
        for (model, traffic) in sorted(metrics) {
            for (isEstimated, count) in [("false", traffic.reportedRequests), ("true", traffic.estimatedRequests)] {
                page.sample("smmf_requests_settled_total", count, [("model", model), ("estimated", isEstimated)])
            }
        }
    }

    static func append(_ costs: CostBook, to page: inout PrometheusText) {
        page.family(
            "smmf_cost_usd_total",
            .counter,
            "What the tokens of models at providers cost by the price list, in dollars; models without a price, and routes "
                + "to models of different prices, are left out, and long prompts cost no more than others."
        )
        for cost in costs.costs {
            for (isEstimated, dollars) in [("false", cost.reported), ("true", cost.estimated)] {
                page.sample("smmf_cost_usd_total", dollars, [("model", cost.model), ("estimated", isEstimated)])
            }
        }
    }

    private struct Family {
        let name: String
        let help: String
        let path: KeyPath<ModelTraffic, LatencyHistogram>
        var label = "model"

        init(_ name: String, _ help: String, _ path: KeyPath<ModelTraffic, LatencyHistogram>, label: String = "model") {
            self.name = name
            self.help = help
            self.path = path
            self.label = label
        }
    }

    /// The last three have the names that OpenTelemetry gives them, for boards that ask for those.
    private static var families: [Family] {
        [
            Family("smmf_request_duration_seconds", "From the whole request read to its end.", \.duration),
            Family(
                "smmf_time_to_first_byte_seconds",
                "From the whole request read to the first byte of its answer.",
                \.firstByte
            ),
            Family(
                "smmf_time_to_first_token_seconds",
                "Of streams: from the whole request read to the first event that says something.",
                \.firstToken
            ),
            Family(
                "smmf_inter_token_seconds",
                "Of streams: between two events; those that came together share the time before them.",
                \.interToken
            ),
            Family(
                "smmf_overhead_seconds",
                "The API Server's own part: from the whole request read to its bytes sent to an instance, without waiting "
                    + "for a connection, and from waking up with the answer's first bytes to the first ones sent on. "
                    + "Requests that were held or tried again are left out.",
                \.overhead
            ),
            Family(
                "smmf_connect_wait_seconds",
                "In line for a connection to an instance, where none was idle.",
                \.connectWait
            ),
            Family(
                "gen_ai_server_request_duration_seconds",
                "As smmf_request_duration_seconds.",
                \.duration,
                label: "gen_ai_request_model"
            ),
            Family(
                "gen_ai_server_time_to_first_token_seconds",
                "As smmf_time_to_first_token_seconds.",
                \.firstToken,
                label: "gen_ai_request_model"
            ),
            Family(
                "gen_ai_server_time_per_output_token_seconds",
                "As smmf_inter_token_seconds.",
                \.interToken,
                label: "gen_ai_request_model"
            ),
        ]
    }

    static func latencies(_ metrics: RelayMetrics, _ page: inout PrometheusText) {
        for family in families {
            page.family(family.name, .histogram, family.help)
            for (model, traffic) in sorted(metrics) {
                let histogram = traffic[keyPath: family.path]
                page.histogram(
                    family.name,
                    [(family.label, model)],
                    bounds: LatencyHistogram.bounds,
                    counts: histogram.counts,
                    sum: histogram.sum
                )
            }
        }
    }
}
