// SPDX-License-Identifier: MIT

public import SMMFCore

/// `transformers serve`: any model of the library, without the speed of engines that are made for serving.
public struct TransformersEngine: Engine {
    private let accelerator: Accelerator

    /// Creates the engine for what a machine computes with.
    public init(accelerator: Accelerator = .here) { self.accelerator = accelerator }

    public let name = "transformers"

    public let distribution = EngineDistribution(
        executables: ["transformers"],
        pythonPackages: ["transformers[serving]==5.23.0", "torch==2.13.0", "accelerate==1.13.0"],
        pins: EnginePins.text("transformers"),
        version: "5.23.0"
    )

    private static let flags = NeutralFlags(
        threads: .variable("OMP_NUM_THREADS"),
        quantization: .flag("--quantization")
    )

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        try requireKind([.language], assignment)
        var arguments = try command(launch.program) { ["\($0)/bin/transformers"] }
        arguments += ["serve", assignment.spec.source, "--host", "127.0.0.1", "--port", String(launch.port)]
        if accelerator == .none { arguments += ["--device", "cpu"] }
        var plan = LaunchPlan(
            arguments: arguments,
            // With a model on its command line it refuses every other name.
            servedName: assignment.spec.source,
            isListed: false
        )
        try Self.flags.apply(assignment.spec, of: name, to: &plan)
        return plan
    }

    public func progress(in line: String) -> LoadingProgress? {
        guard line.contains("Loading") || line.contains("Fetching"), let fraction = line.percentage else { return nil }
        return LoadingProgress(fraction: fraction, text: "reading the weights")
    }

    public func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        guard exit != .code(0) else { return nil }
        return (FailureRule.python + FailureRule.system).read(lines)
    }

    /// It tells nothing; our own counts of its requests stand in.
    public func load(from text: String) -> LoadRecord? { nil }
}
