// SPDX-License-Identifier: MIT

public import SMMFCore

/// LMDeploy: language models on NVIDIA's and some other cards.
public struct LMDeployEngine: ParkingEngine {
    /// Creates the engine.
    public init() {}

    public let name = "lmdeploy"

    public let distribution = EngineDistribution(
        executables: ["lmdeploy"],
        pythonPackages: ["lmdeploy==0.18.0"],
        obstacle: Accelerator.here.lack,
        version: "0.18.0"
    )

    private static let flags = NeutralFlags(
        context: .flag("--session-len"),
        parallel: .flag("--max-batch-size"),
        tensorParallel: .flag("--tp"),
        quantization: .flag("--model-format"),
        memoryShare: .flag("--cache-max-entry-count"),
        batchTokens: .flag("--max-prefill-token-num"),
        adapters: ["--adapters"]
    )

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        try requireKind([.language], assignment)
        var plan = LaunchPlan(
            arguments: try command(launch.program) { ["\($0)/bin/lmdeploy"] } + [
                "serve", "api_server", assignment.spec.source, "--server-name", "127.0.0.1",
                "--server-port", String(launch.port), "--model-name", assignment.model.text,
            ],
            loadPath: "/metrics",
            servedName: assignment.model.text
        )
        if assignment.parks == true { plan.parking = Self.parking }
        try Self.flags.apply(assignment.spec, of: name, to: &plan)
        return plan
    }

    public func progress(in line: String) -> LoadingProgress? {
        if line.contains("Loading weights") || line.contains("Convert to turbomind") {
            return LoadingProgress(fraction: line.percentage, text: "reading the weights")
        }
        return nil
    }

    public func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        guard exit != .code(0) else { return nil }
        return (FailureRule.python + FailureRule.system).read(lines)
    }

    /// At level 1 the weights wait in main memory.
    private static let parking = ParkingPlan(
        park: .init(path: "/sleep?level=1"),
        wake: .init(path: "/wakeup"),
        statePath: "/is_sleeping"
    )

    public func isParked(from text: String) -> Bool? { SleepText.isSleeping(text) }

    public func load(from text: String) -> LoadRecord? { LoadNames.lmDeploy.read(MetricsText(text)) }
}
