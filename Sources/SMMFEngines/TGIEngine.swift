// SPDX-License-Identifier: MIT

public import SMMFCore

/// Text Generation Inference, Hugging Face's server: its launcher is the user's own, as no package index has it.
public struct TGIEngine: Engine {
    /// Creates the engine.
    public init() {}

    public let name = "tgi"

    public let distribution = EngineDistribution(executables: ["text-generation-launcher"])

    private static let flags = NeutralFlags(
        context: .flag("--max-total-tokens"),
        parallel: .flag("--max-concurrent-requests"),
        tensorParallel: .flag("--num-shard"),
        quantization: .flag("--quantize"),
        memoryShare: .flag("--cuda-memory-fraction"),
        batchTokens: .flag("--max-batch-prefill-tokens"),
        adapters: ["--lora-adapters"],
        adapterSeparator: ","
    )

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        try requireKind([.language], assignment)
        var plan = LaunchPlan(
            arguments: try command(launch.program) + [
                "--model-id", assignment.spec.source, "--hostname", "127.0.0.1", "--port", String(launch.port),
                // The sockets of its shards have one place for all instances otherwise.
                "--shard-uds-path", "/tmp/text-generation-server-\(launch.port)",
            ],
            loadPath: "/metrics",
            // It has no names of its own: it answers whatever it is called and says its source back.
            servedName: assignment.spec.source
        )
        if let key = launch.apiKey { plan.environment["API_KEY"] = key }
        try Self.flags.apply(assignment.spec, of: name, to: &plan)
        return plan
    }

    public func progress(in line: String) -> LoadingProgress? {
        if line.contains("Starting shard") { return LoadingProgress(text: "starting the shards") }
        if line.contains("Shard ready") { return LoadingProgress(text: "warming up") }
        if line.contains("Downloaded") { return LoadingProgress(text: "downloading the weights") }
        return nil
    }

    public func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        guard exit != .code(0) else { return nil }
        return (Self.rules + FailureRule.python + FailureRule.system).read(lines)
    }

    public func load(from text: String) -> LoadRecord? { LoadNames.tgi.read(MetricsText(text)) }

    private static let rules = [
        FailureRule(
            kind: .outOfMemory,
            signs: ["not enough memory to handle"],
            message: { line in
                let tokens = line.number(after: "not enough memory to handle") ?? line.number(after: "to handle")
                return "The memory does not hold a prompt of \(tokens.map { "\($0) " } ?? "that many ")tokens."
            },
            nextStep: "Lower batch_tokens or context of the deployment."
        ),
        FailureRule(
            kind: .badArgument,
            signs: ["argumentvalidation("],
            message: { line in
                let why = line.text(after: "ArgumentValidation(") ?? line
                return "TGI refuses the settings: \(why.trimmingPrefix("\"").prefix { $0 != "\"" })."
            },
            nextStep: "Correct the settings and arguments of the deployment."
        ),
        FailureRule(
            kind: .deviceUnusable,
            signs: ["notenoughcudadevices("],
            message: { _ in "TGI finds fewer cards than the model is to be spread over." },
            nextStep: "Lower tensor_parallel of the deployment, or free the cards."
        ),
    ]
}
