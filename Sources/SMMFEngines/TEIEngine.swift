// SPDX-License-Identifier: MIT

public import SMMFCore

/// Text Embeddings Inference: embedding and rerank models; its router is the user's own, as no package index has it.
public struct TEIEngine: Engine {
    /// Creates the engine.
    public init() {}

    public let name = "tei"

    public let distribution = EngineDistribution(executables: ["text-embeddings-router"])

    private static let flags = NeutralFlags(
        parallel: .flag("--max-concurrent-requests"),
        threads: .flag("--tokenization-workers"),
        batchTokens: .flag("--max-batch-tokens")
    )

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        try requireKind([.embedding, .rerank], assignment)
        var plan = LaunchPlan(
            arguments: try command(launch.program) + [
                "--model-id", assignment.spec.source, "--hostname", "127.0.0.1", "--port", String(launch.port),
            ],
            loadPath: "/metrics",
            servedName: assignment.spec.source,
            isListed: false
        )
        // Rerank has a path and a shape of its own here; embeddings are OpenAI's.
        if assignment.kind == .rerank { plan.dialect = .tei }
        plan.batchLimit = Self.batchLimit(assignment.spec.arguments)
        if let key = launch.apiKey { plan.environment["API_KEY"] = key }
        try Self.flags.apply(assignment.spec, of: name, to: &plan)
        return plan
    }

    /// The inputs that its router takes in one request: its default, or what the deployment's arguments say.
    private static func batchLimit(_ arguments: [String]) -> Int {
        let flag = "--max-client-batch-size"
        for (index, argument) in arguments.enumerated() {
            if argument == flag, index + 1 < arguments.count, let value = Int(arguments[index + 1]) { return value }
            if argument.hasPrefix(flag + "="), let value = Int(argument.dropFirst(flag.count + 1)) { return value }
        }
        return 32
    }

    public func progress(in line: String) -> LoadingProgress? {
        if line.contains("Downloading") { return LoadingProgress(text: "downloading the model") }
        if line.contains("Warming up model") { return LoadingProgress(text: "warming up") }
        return nil
    }

    public func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        guard exit != .code(0) else { return nil }
        return (Self.rules + FailureRule.python + FailureRule.system).read(lines)
    }

    public func load(from text: String) -> LoadRecord? { LoadNames.tei.read(MetricsText(text)) }

    private static let rules = [
        FailureRule(
            kind: .badArgument,
            signs: ["`--pooling` arg is not set"],
            message: { _ in "The model does not say how its vectors are pooled." },
            nextStep:
                "Add --pooling and cls, mean or last-token, as the model's page says, to arguments of the deployment."
        ),
        FailureRule(
            kind: .fileMissing,
            signs: ["404 not found) for url", "`config.json` not found"],
            message: { _ in "There is no such model folder or repository." },
            nextStep:
                "Correct source of the deployment: a folder on the worker's machine, or owner/name of a repository."
        ),
        FailureRule(
            kind: .unsupportedModel,
            signs: ["model is not supported"],
            message: { _ in "This version of TEI does not know the model's architecture." },
            nextStep: "Install a newer version of the engine, or choose another one."
        ),
    ]
}
