// SPDX-License-Identifier: MIT

public import SMMFCore

/// Any program that speaks OpenAI's API: the deployment's `arguments` are its whole command line.
///
/// `{port}`, `{model}` (the source), `{name}` (the served name) and `{instance}` are filled in, anywhere in an argument,
/// and so are the neutral settings by their names, such as `{context}`; one that is set and not named is refused.
/// The program answers 200 on `/health` when its model is loaded, or on the path that the deployment's environment
/// names as `SMMF_READY_PATH`.
public struct OpenAICompatibleEngine: Engine {
    /// Creates the engine.
    public init() {}

    public let name = "openai-compatible"

    public let distribution = EngineDistribution(isBringYourOwn: true)

    /// The variable that names another path for readiness.
    public static let readyPathVariable = "SMMF_READY_PATH"

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        guard let program = assignment.spec.arguments.first, !program.isEmpty else {
            throw InstanceFailure(
                .badArgument,
                "A deployment on the engine openai-compatible needs its command line in arguments.",
                nextStep: "Set arguments = [\"/path/to/program\", \"--port\", \"{port}\"]."
            )
        }
        guard assignment.spec.arguments.contains(where: { $0.contains("{port}") }) else {
            throw InstanceFailure(
                .badArgument,
                "The command line has no {port}, so the program cannot know where to listen.",
                nextStep: "Put {port} where the program takes its port."
            )
        }
        for setting in Self.settings(assignment.spec).keys.sorted() {
            guard !assignment.spec.arguments.contains(where: { $0.contains("{\(setting)}") }) else { continue }
            throw InstanceFailure(
                .badArgument,
                "The setting \(setting) has no effect, as the command line has no {\(setting)}.",
                nextStep: "Put {\(setting)} where the program takes it, or remove the setting."
            )
        }
        let readyPath = assignment.spec.environment[Self.readyPathVariable] ?? "/health"
        guard readyPath.hasPrefix("/") else {
            throw InstanceFailure(.badArgument, "\(Self.readyPathVariable) must start with a slash: \(readyPath).")
        }
        var environment = assignment.spec.environment
        environment[Self.readyPathVariable] = nil
        return LaunchPlan(
            arguments: assignment.spec.arguments.map { Self.fill($0, launch) },
            environment: environment,
            readyPath: readyPath,
            loadPath: "/metrics",
            servedName: assignment.model.text
        )
    }

    /// The neutral settings that are set, by their names.
    private static func settings(_ spec: EngineSpec) -> [String: String] {
        let adapters = spec.adapters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let settings: [String: String?] = [
            "context": spec.context.map(String.init), "parallel": spec.parallel.map(String.init),
            "threads": spec.threads.map(String.init), "tensor_parallel": spec.tensorParallel.map(String.init),
            "quantization": spec.quantization, "memory_share": spec.memoryShare.map { "\($0)" },
            "batch_tokens": spec.batchTokens.map(String.init),
            "adapters": adapters.isEmpty ? nil : adapters.joined(separator: ","),
        ]
        return settings.compactMapValues { $0 }
    }

    /// Fills the placeholders in one pass, so that a value that looks like a placeholder stays as it is.
    private static func fill(_ template: String, _ launch: EngineLaunch) -> String {
        let values = settings(launch.assignment.spec).merging([
            "port": String(launch.port), "model": launch.assignment.spec.source,
            "name": launch.assignment.model.text, "instance": launch.assignment.id.text,
        ]) { _, own in own }
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}"), let value = values[String(rest[..<close].dropFirst())] else {
                result.append("{")
                rest = rest.dropFirst()
                continue
            }
            result += value
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    public func progress(in line: String) -> LoadingProgress? { nil }

    public func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        exit == .code(0) ? nil : FailureRule.system.read(lines)
    }

    /// The program may be any of those whose names we know.
    public func load(from text: String) -> LoadRecord? {
        let page = MetricsText(text)
        for names in [LoadNames.vllm, .llamaCpp, .sglang, .tgi, .tensorRT, .lmDeploy] {
            if let record = names.read(page) { return record }
        }
        return nil
    }
}
