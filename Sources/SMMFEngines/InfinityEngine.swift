// SPDX-License-Identifier: MIT

public import SMMFCore

/// Infinity: embedding and rerank models, on cards and processors.
public struct InfinityEngine: Engine {
    private let accelerator: Accelerator

    /// Creates the engine for what a machine computes with.
    public init(accelerator: Accelerator = .here) { self.accelerator = accelerator }

    public let name = "infinity"

    public let distribution = EngineDistribution(
        executables: ["infinity_emb"],
        pythonPackages: [
            "infinity-emb[server,torch]==0.0.77", "transformers==4.49.0", "optimum==1.24.0", "torch==2.13.0",
            "click==8.1.8", "sentence-transformers==3.4.1",
        ],
        pins: EnginePins.text("infinity"),
        version: "0.0.77"
    )

    private static let flags = NeutralFlags(parallel: .flag("--batch-size"), threads: .variable("OMP_NUM_THREADS"))

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        try requireKind([.embedding, .rerank], assignment)
        var arguments = try command(launch.program) { ["\($0)/bin/infinity_emb"] }
        arguments += ["v2", "--model-id", assignment.spec.source, "--served-model-name", assignment.model.text]
        // Its paths are OpenAI's behind this prefix only.
        arguments += ["--host", "127.0.0.1", "--port", String(launch.port), "--url-prefix", "/v1"]
        if accelerator == .none {
            arguments += ["--device", "cpu", "--engine", "torch", "--no-bettertransformer", "--no-compile"]
        }
        var plan = LaunchPlan(
            arguments: arguments,
            environment: ["DO_NOT_TRACK": "1"],
            readyPath: "/health",
            servedName: assignment.model.text
        )
        // More inputs in one request than this it refuses.
        plan.batchLimit = 2_048
        // Its server takes about a millisecond for each request, whatever is in it.
        plan.gatherAbove = 4
        if let key = launch.apiKey { plan.environment["INFINITY_API_KEY"] = key }
        try Self.flags.apply(assignment.spec, of: name, to: &plan)
        return plan
    }

    public func progress(in line: String) -> LoadingProgress? {
        line.contains("Creating 1 engines") ? LoadingProgress(text: "reading the weights") : nil
    }

    public func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        guard exit != .code(0) else { return nil }
        return (FailureRule.python + FailureRule.system).read(lines)
    }

    /// Its queue stands in no page that names it; our own counts of its requests stand in.
    public func load(from text: String) -> LoadRecord? { nil }
}
