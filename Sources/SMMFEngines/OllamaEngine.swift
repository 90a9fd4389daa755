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

    /// Starts the server and fetches the model where it is not here. Its arguments are the program, the model and the
    /// address; what follows goes to `ollama serve`. It ends as the server ends.
    private static let script = """
        program=$1 model=$2; export OLLAMA_HOST=$3; shift 3
        "$program" serve "$@" & server=$!
        trap 'kill "$server" 2>/dev/null; wait "$server"; exit 0' TERM INT
        until "$program" list >/dev/null 2>&1; do
        kill -0 "$server" 2>/dev/null || { wait "$server"; exit 1; }; sleep 0.2
        done
        "$program" show "$model" >/dev/null 2>&1 || "$program" pull "$model" || { kill "$server"; wait "$server"; exit 1; }
        wait "$server"
        """

    /// A model's name as Ollama lists it: without the library's own address, and with a tag.
    private static func listed(_ source: String) -> String {
        var name = source[...]
        for own in ["registry.ollama.ai/", "library/"] where name.hasPrefix(own) { name = name.dropFirst(own.count) }
        let hasTag = name.split(separator: "/", omittingEmptySubsequences: false).last?.contains(":") == true
        return hasTag ? String(name) : name + ":latest"
    }

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        try requireKind([.language, .embedding], assignment)
        let program = try command(launch.program)
        let model = Self.listed(assignment.spec.source)
        var plan = LaunchPlan(
            arguments: ["/bin/sh", "-c", Self.script, "sh"] + program + [
                model, "127.0.0.1:\(launch.port)",
            ],
            // Only a request unloads it by itself otherwise.
            environment: ["OLLAMA_KEEP_ALIVE": "-1"],
            // The port opens first; the name is in the list once the model is here.
            readyPath: "/v1/models",
            // A name of our own would be a copy in the library that the machine's other users see.
            servedName: model
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
        return (Self.rules + FailureRule.python + FailureRule.system).read(lines)
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
            signs: ["pull model manifest: get", "dial tcp: lookup", "max retries exceeded", "error: digest mismatch"],
            message: { _ in "The model could not be downloaded." },
            nextStep: "Check the network; it starts again by itself."
        ),
    ]
}
