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

    /// Text Generation Inference. Its batch counts as running.
    static let tgi = LoadNames(
        running: "tgi_batch_current_size",
        waiting: "tgi_queue_size",
        generatedTokens: "tgi_request_generated_tokens_sum"
    )

    /// TensorRT-LLM, with `return_perf_metrics`.
    static let tensorRT = LoadNames(
        running: "trtllm_num_requests_running",
        waiting: "trtllm_num_requests_waiting",
        generatedTokens: "trtllm_generation_tokens_total",
        cacheUse: "trtllm_kv_cache_utilization"
    )

    /// LMDeploy.
    static let lmDeploy = LoadNames(
        running: "lmdeploy:num_requests_running",
        waiting: "lmdeploy:num_requests_waiting",
        generatedTokens: "lmdeploy:generation_tokens_total",
        cacheUse: "lmdeploy:gpu_cache_usage_perc"
    )

    /// Text Embeddings Inference counts what it has not begun, and the requests that are done.
    static let tei = LoadNames(running: "te_queue_size", waiting: "", generatedTokens: "te_request_success")
}
