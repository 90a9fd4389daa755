// SPDX-License-Identifier: MIT

/// A simulated engine's numbers in Prometheus' text format, under the names of its dialect.
struct SimulatorMetrics {
    let script: SimulatorScript
    let stats: SimulatorStats

    var text: String {
        script.dialect == .llamaCpp ? llamaCpp : vllm
    }

    private var llamaCpp: String {
        let counters: [(String, Int)] = [
            ("prompt_tokens_total", stats.promptTokens), ("prompt_tokens_cached_total", 0),
            ("prompt_seconds_total", 0), ("tokens_predicted_total", stats.tokens),
            ("tokens_predicted_seconds_total", 0), ("n_decode_total", stats.tokens),
            ("n_tokens_max", script.contextLength),
        ]
        let gauges: [(String, Int)] = [
            ("prompt_tokens_seconds", 0), ("predicted_tokens_seconds", 0),
            ("requests_processing", stats.active), ("requests_deferred", stats.waiting),
            ("n_busy_slots_per_decode", stats.active),
        ]
        return lines(counters, type: "counter", prefix: "llamacpp:") + lines(gauges, type: "gauge", prefix: "llamacpp:")
    }

    private var vllm: String {
        let labels = "{engine=\"0\",model_name=\(SimulatorJSON.quote(script.model))}"
        let gauges: [(String, Int)] = [
            ("num_requests_running", stats.active), ("num_requests_waiting", stats.waiting),
            ("kv_cache_usage_perc", 0),
        ]
        let counters: [(String, Int)] = [
            ("prompt_tokens_total", stats.promptTokens), ("generation_tokens_total", stats.tokens),
            ("num_preemptions_total", 0),
        ]
        return lines(gauges, type: "gauge", prefix: "vllm:", labels: labels)
            + lines(counters, type: "counter", prefix: "vllm:", labels: labels)
            + "# HELP vllm:request_success_total simulated\n# TYPE vllm:request_success_total counter\n"
            + "vllm:request_success_total\(labels.dropLast()),finished_reason=\"stop\"} \(stats.finished)\n"
    }

    private func lines(_ metrics: [(String, Int)], type: String, prefix: String, labels: String = "") -> String {
        metrics.map { name, value in
            "# HELP \(prefix)\(name) simulated\n# TYPE \(prefix)\(name) \(type)\n\(prefix)\(name)\(labels) \(value)\n"
        }.joined()
    }
}
