// SPDX-License-Identifier: MIT

import SMMFCore

/// Under which metric names an engine tells its load.
struct LoadNames: Sendable {
    var running: String
    var waiting: String
    var generatedTokens: String
    var cacheUse: String?

    /// Reads a page; nil when it does not have the name for running requests.
    func read(_ page: MetricsText) -> LoadRecord? {
        guard let running = page.count(running) else { return nil }
        return LoadRecord(
            running: running,
            waiting: page.count(waiting) ?? 0,
            generatedTokens: page.count(generatedTokens).map { UInt64($0) },
            cacheUse: cacheUse.flatMap { page[$0] }.map { min(max($0, 0), 1) }
        )
    }

    /// llama.cpp's server, with `--metrics`.
    static let llamaCpp = LoadNames(
        running: "llamacpp:requests_processing",
        waiting: "llamacpp:requests_deferred",
        generatedTokens: "llamacpp:tokens_predicted_total"
    )

    /// vLLM, and what copies its names.
    static let vllm = LoadNames(
        running: "vllm:num_requests_running",
        waiting: "vllm:num_requests_waiting",
        generatedTokens: "vllm:generation_tokens_total",
        cacheUse: "vllm:kv_cache_usage_perc"
    )

    /// SGLang, with `--enable-metrics`.
    static let sglang = LoadNames(
        running: "sglang:num_running_reqs",
        waiting: "sglang:num_queue_reqs",
        generatedTokens: "sglang:generation_tokens_total",
        cacheUse: "sglang:token_usage"
    )
}
