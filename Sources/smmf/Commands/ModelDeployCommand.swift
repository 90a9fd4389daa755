// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ModelDeployCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy",
        abstract: "Deploys a model, or changes one, and waits until it serves."
    )

    @Argument(help: "What the engine loads: a model file, folder or repository name.")
    var source: String?

    @Option(help: "The name that clients ask for (default: the file's name without its ending).")
    var name: String?

    @Option(help: "The engine (default: llama.cpp).")
    var engine = "llama.cpp"

    @Option(help: "An engine that somebody else runs, http://host:port; may be repeated.")
    var endpoint: [String] = []

    @Option(help: "Another model to send requests to; may be repeated, and they are tried in order.")
    var route: [String] = []

    @Option(help: "What the model does: language, embedding or rerank.")
    var kind = "language"

    @Option(help: "Context length in tokens for one request.")
    var context: Int?

    @Option(help: "Requests at once on one instance.")
    var parallel: Int?

    @Option(help: "Processor threads of one instance.")
    var threads: Int?

    @Option(help: "How many instances.")
    var replicas = 1

    @Option(help: "The routing policy.")
    var policy = Deployment.defaultPolicy

    @Option(
        name: .customLong("arg"),
        parsing: .unconditionalSingleValue,
        help: "A further flag for the engine; may be repeated."
    )
    var arguments: [String] = []

    @OptionGroup var options: ControlOptions
    @OptionGroup var waiting: WaitOptions

    func run() async throws {
        let deployment = try deployment()
        try await options.withClient { client in
            let status: ModelStatus = try await client.call(
                .put,
                ModelCommand.path(deployment.name.text),
                body: deployment
            )
            let generation = status.deployment.generation
            try await waiting.follow(status, client, options) { status in
                if status.summary == "route" { return true }
                return status.instances.contains { $0.generation >= generation && $0.state == .ready }
            }
        }
    }

    private func deployment() throws -> Deployment {
        let backend = try backend()
        guard let name = name ?? source.map(Self.defaultName) else {
            throw ValidationError("Give the model a name with --name.")
        }
        guard let kind = ModelKind(rawValue: kind) else {
            throw ValidationError("--kind is language, embedding or rerank, not \(kind).")
        }
        return Deployment(
            name: try ModelName(name),
            kind: kind,
            backend: backend,
            replicas: try Replicas(min: replicas, max: max(1, replicas)),
            policy: policy
        )
    }

    private func backend() throws -> Backend {
        let ways = [source != nil || engine == "command" && !arguments.isEmpty, !endpoint.isEmpty, !route.isEmpty]
        guard ways.count(where: { $0 }) == 1 else {
            throw ValidationError("Give exactly one of a source, --endpoint and --route.")
        }
        if !endpoint.isEmpty { return .endpoints(try endpoint.map { try Endpoint($0) }) }
        if !route.isEmpty { return .route(try route.map { try ModelName($0) }) }
        var source = source ?? ""
        let folder = FileManager.default.currentDirectoryPath
        if Configuration.looksLikeFile(source) || FileManager.default.fileExists(atPath: "\(folder)/\(source)") {
            if !source.hasPrefix("/"), !source.isEmpty { source = "\(folder)/\(source)" }
        }
        return .engine(
            EngineSpec(
                engine: engine,
                source: source,
                context: context,
                parallel: parallel,
                threads: threads,
                arguments: arguments
            )
        )
    }

    private static func defaultName(_ source: String) -> String {
        let last = source.split(separator: "/").last.map(String.init) ?? source
        return last.hasSuffix(".gguf") ? String(last.dropLast(5)) : last
    }
}
