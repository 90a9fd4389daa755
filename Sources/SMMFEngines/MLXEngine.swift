// SPDX-License-Identifier: MIT

public import SMMFCore

/// mlx-lm: language models on Apple's chips, and on processors under Linux.
public struct MLXEngine: Engine {
    /// Creates the engine.
    public init() {}

    public let name = "mlx"

    public var distribution: EngineDistribution {
        #if os(macOS)
        let packages = ["mlx-lm==0.32.2", "transformers==5.23.0"]
        #else
        let packages = ["mlx-lm==0.32.2", "mlx[cpu]==0.32.4", "transformers==5.23.0"]
        #endif
        return EngineDistribution(
            executables: ["mlx_lm.server"],
            pythonPackages: packages,
            pins: EnginePins.text(name),
            version: "0.32.2"
        )
    }

    private static let flags = NeutralFlags(parallel: .flag("--decode-concurrency"))

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        try requireKind([.language], assignment)
        var spec = assignment.spec
        // It takes one adapter, which then is the model.
        let adapters = spec.adapters
        spec.adapters = [:]
        guard adapters.count < 2 else { throw NeutralFlags.refusal("adapters with more than one adapter", name) }
        var plan = LaunchPlan(
            arguments: try command(launch.program) { ["\($0)/bin/mlx_lm.server"] } + [
                "--model", spec.source, "--host", "127.0.0.1", "--port", String(launch.port),
            ],
            // Any other name in a request would load another model in the place of this one.
            servedName: spec.source,
            // Its list has the models in the cache of downloads, whatever it serves.
            isListed: false
        )
        if let adapter = adapters.first { plan.arguments += ["--adapter-path", adapter.value] }
        try Self.flags.apply(spec, of: name, to: &plan)
        return plan
    }

    public func progress(in line: String) -> LoadingProgress? {
        if line.contains("Fetching"), let fraction = line.percentage {
            return LoadingProgress(fraction: fraction, text: "downloading the model")
        }
        return nil
    }

    public func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        guard exit != .code(0) else { return nil }
        return (FailureRule.python + FailureRule.system).read(lines)
    }

    /// It tells nothing; our own counts of its requests stand in.
    public func load(from text: String) -> LoadRecord? { nil }
}
