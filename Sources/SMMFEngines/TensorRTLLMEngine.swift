// SPDX-License-Identifier: MIT

public import SMMFCore

/// TensorRT-LLM by its `trtllm-serve`, which is the user's own, as NVIDIA gives it away by an index of its own.
public struct TensorRTLLMEngine: Engine {
    /// Creates the engine.
    public init() {}

    public let name = "tensorrt-llm"

    public let distribution = EngineDistribution(
        executables: ["trtllm-serve"],
        obstacle: Accelerator.here.lack
    )

    private static let flags = NeutralFlags(
        context: .flag("--max_seq_len"),
        parallel: .flag("--max_batch_size"),
        tensorParallel: .flag("--tp_size"),
        memoryShare: .flag("--kv_cache_free_gpu_memory_fraction"),
        batchTokens: .flag("--max_num_tokens")
    )

    /// Starts the program with a file that turns its numbers on, which has no flag. It is the pipe of a here-document, so
    /// that nothing is left behind; a file of the deployment's own arguments comes later and counts instead.
    private static let script = """
        exec "$@" 3<<END
        return_perf_metrics: true
        enable_iter_perf_stats: true
        END
        """

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        try requireKind([.language], assignment)
        var plan = LaunchPlan(
            arguments: ["/bin/sh", "-c", Self.script, "sh"] + (try command(launch.program)) + [
                assignment.spec.source, "--host", "127.0.0.1", "--port", String(launch.port), "--backend", "pytorch",
                "--served_model_name", assignment.model.text, "--extra_llm_api_options", "/dev/fd/3",
            ],
            loadPath: "/prometheus/metrics",
            servedName: assignment.model.text
        )
        try Self.flags.apply(assignment.spec, of: name, to: &plan)
        return plan
    }

    public func progress(in line: String) -> LoadingProgress? {
        if line.contains("Loading safetensors") || line.contains("Loading weights") {
            return LoadingProgress(fraction: line.percentage, text: "reading the weights")
        }
        if line.contains("Allocated") && line.contains("KV cache") {
            return LoadingProgress(text: "setting up the key-value cache")
        }
        return nil
    }

    public func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        guard exit != .code(0) else { return nil }
        return (FailureRule.python + FailureRule.system).read(lines)
    }

    public func load(from text: String) -> LoadRecord? { LoadNames.tensorRT.read(MetricsText(text)) }
}
