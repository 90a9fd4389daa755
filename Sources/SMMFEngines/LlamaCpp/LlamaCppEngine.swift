// SPDX-License-Identifier: MIT

public import SMMFCore

/// llama.cpp: GGUF models on processors and graphics cards, by a `llama-server` of the user's own, or by the
/// `xllamacpp` wheel with our launcher, which takes the same flags.
public struct LlamaCppEngine: Engine {
    /// Creates the engine.
    public init() {}

    public let name = "llama.cpp"

    public var distribution: EngineDistribution {
        EngineDistribution(
            executables: ["llama-server"],
            pythonPackages: ["xllamacpp==\(Self.version)"],
            pins: EnginePins.text(name),
            files: [Self.launcherFile: Self.launcher],
            version: Self.version
        )
    }

    /// The wheel's version, which names the environment.
    static let version = "2026.10.11549"
    static let launcherFile = "llamacpp_launcher.py"

    /// Quantization and the share of a card are the model file's and llama.cpp's own business.
    private static let flags = NeutralFlags(
        parallel: .flag("--parallel"),
        threads: .flag("--threads"),
        batchTokens: .flag("--batch-size")
    )

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        var spec = assignment.spec
        var arguments = try command(launch.program) { ["\($0)/bin/python", "-u", "\($0)/\(Self.launcherFile)"] }
        guard !assignment.model.text.contains(",") else {
            throw InstanceFailure(
                .badArgument,
                "llama.cpp takes a comma in a model's name for a list of names: \(assignment.model).",
                nextStep: "Deploy the model under a name without a comma."
            )
        }
        arguments += ["--model", spec.source, "--host", "127.0.0.1", "--port", String(launch.port)]
        arguments += ["--alias", assignment.model.text, "--metrics"]
        if let context = spec.context {
            // llama.cpp divides this number among its places, unless it chooses their number and lets them share it.
            let (total, overflow) = context.multipliedReportingOverflow(by: spec.parallel ?? 1)
            guard !overflow else { throw InstanceFailure(.badArgument, "context times parallel is too large.") }
            arguments += ["--ctx-size", String(total)]
            spec.context = nil
        }
        try requireKind([.language, .embedding, .rerank], assignment)
        switch assignment.kind {
        case .language, .image, .speech, .transcription, .moderation: break
        case .embedding: arguments.append("--embeddings")
        case .rerank: arguments.append("--reranking")
        }
        var plan = LaunchPlan(arguments: arguments, loadPath: "/metrics", servedName: assignment.model.text)
        // Arguments can be read by every user of the machine; the environment cannot.
        if let key = launch.apiKey { plan.environment["LLAMA_API_KEY"] = key }
        try Self.flags.apply(spec, of: name, to: &plan)
        return plan
    }

    public func progress(in line: String) -> LoadingProgress? {
        if line.contains("load_model: loading model") { return LoadingProgress(text: "reading the model file") }
        if line.contains("load_tensors:") { return LoadingProgress(text: "reading the tensors") }
        if line.contains("llama_context:") || line.contains("threadpool init") {
            return LoadingProgress(text: "setting up the context")
        }
        if line.contains("warming up the model") { return LoadingProgress(text: "warming up") }
        return nil
    }

    public func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        guard exit != .code(0) else { return nil }
        return (Self.failureRules + FailureRule.system).read(lines)
    }

    public func load(from text: String) -> LoadRecord? {
        LoadNames.llamaCpp.read(MetricsText(text))
    }
}
