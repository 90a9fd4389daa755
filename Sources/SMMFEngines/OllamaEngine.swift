// SPDX-License-Identifier: MIT

public import SMMFCore

/// Ollama: models by the names of its library. Each instance is a server of its own, so that one may be ended without
/// another; they share the folder of downloaded models.
public struct OllamaEngine: Engine {
    /// Creates the engine.
    public init() {}

    public let name = "ollama"

    public let distribution = EngineDistribution(executables: ["ollama"])

    private static let flags = NeutralFlags(
        context: .variable("OLLAMA_CONTEXT_LENGTH"),
        parallel: .variable("OLLAMA_NUM_PARALLEL")
    )

    /// Starts the server, fetches the model where it is not here, and gives it its public name. Its arguments are the
    /// program, the model, the name and the address; what follows goes to `ollama serve`.
    private static let script = """
        program=$1 model=$2 name=$3; export OLLAMA_HOST=$4; shift 4
        "$program" serve "$@" & server=$!
        trap 'kill "$server"; wait "$server"; exit 0' TERM INT
        until "$program" list >/dev/null 2>&1; do kill -0 "$server" || { wait "$server"; exit 1; }; sleep 0.2; done
        "$program" show "$model" >/dev/null 2>&1 || "$program" pull "$model" || { kill "$server"; exit 1; }
        [ "$model" = "$name" ] || "$program" cp "$model" "$name" || { kill "$server"; exit 1; }
        wait "$server"
        """

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        try requireKind([.language, .embedding], assignment)
        let program = try command(launch.program)
        var plan = LaunchPlan(
            arguments: ["/bin/sh", "-c", Self.script, "sh"] + program + [
                assignment.spec.source, assignment.model.text, "127.0.0.1:\(launch.port)",
            ],
            // Only a request unloads it by itself otherwise.
            environment: ["OLLAMA_KEEP_ALIVE": "-1"],
            // The name is there once the model is.
            readyPath: "/v1/models/\(assignment.model.text)",
            servedName: assignment.model.text,
            // It lists names with a tag behind them.
            isListed: false
        )
        try Self.flags.apply(assignment.spec, of: name, to: &plan)
        return plan
    }

    public func progress(in line: String) -> LoadingProgress? {
        guard line.contains("pulling"), let fraction = line.percentage else { return nil }
        return LoadingProgress(fraction: fraction, text: "downloading the model")
    }

    public func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        guard exit != .code(0) else { return nil }
        return (Self.rules + FailureRule.system).read(lines)
    }

    /// It has no metrics; our own counts of its requests stand in.
    public func load(from text: String) -> LoadRecord? { nil }

    private static let rules = [
        FailureRule(
            kind: .fileMissing,
            signs: ["pull model manifest: file does not exist", "invalid model name"],
            message: { _ in "Ollama's library has no such model." },
            nextStep: "Correct source of the deployment; it is a name such as qwen3:8b."
        ),
        FailureRule(
            kind: .downloadFailed,
            signs: ["pull model manifest: get", "dial tcp: lookup", "max retries exceeded"],
            message: { _ in "The model could not be downloaded." },
            nextStep: "Check the network; it starts again by itself."
        ),
    ]
}
