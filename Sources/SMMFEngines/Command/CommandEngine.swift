// SPDX-License-Identifier: MIT

public import SMMFCore

/// Any program that speaks OpenAI's API: the deployment's `arguments` are its whole command line.
///
/// `{port}`, `{model}` (the source), `{name}` (the served name) and `{instance}` are filled in, anywhere in an argument.
/// The program answers 200 on `/health` when its model is loaded, or on the path that the deployment's environment
/// names as `SMMF_READY_PATH`.
public struct CommandEngine: Engine {
    /// Creates the engine.
    public init() {}

    public let name = "command"

    public let distribution = EngineDistribution(isBringYourOwn: true)

    /// The variable that names another path for readiness.
    public static let readyPathVariable = "SMMF_READY_PATH"

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        guard let program = assignment.spec.arguments.first, !program.isEmpty else {
            throw InstanceFailure(
                .badArgument,
                "A deployment on the engine `command` needs its command line in arguments.",
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

    /// Fills the placeholders in one pass, so that a value that looks like a placeholder stays as it is.
    private static func fill(_ template: String, _ launch: EngineLaunch) -> String {
        let values = [
            "port": String(launch.port), "model": launch.assignment.spec.source,
            "name": launch.assignment.model.text, "instance": launch.assignment.id.text,
        ]
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
        for names in [LoadNames.vllm, .llamaCpp, .sglang] {
            if let record = names.read(page) { return record }
        }
        return nil
    }
}
