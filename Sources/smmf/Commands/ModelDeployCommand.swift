// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFAssembly
import SMMFCatalog
import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore
import SMMFDownload
import SMMFProviders

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

    @Argument(
        help: """
            What the engine loads: a model file, folder or repository name, a name of smmf model catalog, or a source of \
            smmf model pull. With --provider, the model's name.
            """
    )
    var source: String?

    @Option(help: "The name that clients ask for (default: the file's name without its ending).")
    var name: String?

    @Option(help: "The engine (default: llama.cpp, or what this machine serves a model of the catalog best with).")
    var engine: String?

    @Option(help: "An engine that somebody else runs, http://host:port; may be repeated.")
    var endpoint: [String] = []

    @Option(help: "A provider that serves the model, such as openai; smmf provider list --all has them.")
    var provider: String?

    @Option(help: "What the provider calls the model, where that is not its name here.")
    var model: String?

    @OptionGroup(title: "Options of a provider") var access: ProviderKeyOptions

    @Option(
        help: """
            Another model to send requests to; may be repeated, and they are tried in order. With NAME=WEIGHT they share \
            the requests.
            """
    )
    var route: [String] = []

    @Option(help: "Of a route: cost tries the cheapest model first.")
    var prefer: String?

    @Option(help: "Of a route: with so many requests on each instance of a model, further ones go to the next model.")
    var spillAbove: Int?

    @Option(help: "What the model does: language, embedding or rerank (default: what the catalog says, or language).")
    var kind: String?

    @Option(help: "Context length in tokens for one request.")
    var context: Int?

    @Option(help: "Requests at once on one instance.")
    var parallel: Int?

    @Option(help: "Processor threads of one instance.")
    var threads: Int?

    @Option(help: "Devices that share each layer of the model.")
    var tensorParallel: Int?

    @Option(help: "A quantization, as the engine calls it.")
    var quantization: String?

    @Option(help: "The part of a device's memory that the engine may take, from 0 to 1.")
    var memoryShare: Double?

    @Option(help: "Tokens that one step of the engine works on at the most.")
    var batchTokens: Int?

    @Option(help: "A LoRA adapter, name=folder; may be repeated.")
    var adapter: [String] = []

    @Option(help: "Main memory that each instance may use, in megabytes.")
    var limitMemory: Int?

    @Option(help: "Processor cores that each instance runs on: how many, or which, like 0-3,8.")
    var limitCores: String?

    @Option(help: "Graphics cards that each instance sees: how many of its own, or which, like 0,1 or just 0,.")
    var limitDevices: String?

    @Option(help: "How much each instance steps back behind other processes, 0 to 19.")
    var limitNiceness: Int?

    @Option(help: "How many instances.")
    var replicas = 1

    @Option(help: "Load it by the first request, and unload it after so many idle seconds.")
    var unloadAfter: Int?

    @Flag(help: "Keep a model that is loaded on demand while it is used, whoever else needs its memory.")
    var pinned = false

    @Flag(help: "When it is unloaded, keep its process and some memory, and wake it faster than it loads.")
    var park = false

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
                if ["route", "unloaded", "parked"].contains(status.summary) { return true }
                return status.instances.contains { $0.generation >= generation && $0.state == .ready }
            }
        }
    }

    private func deployment() throws -> Deployment {
        let backend = try backend()
        guard let name = name ?? (provider == nil ? source.map(Self.defaultName) : source) else {
            throw ValidationError("Give the model a name with --name.")
        }
        guard let kind = kind.map({ ModelKind(rawValue: $0) }) ?? known?.kind ?? .language else {
            let known = ModelKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--kind is one of \(known), not \(kind ?? "").")
        }
        return Deployment(
            name: try ModelName(name),
            kind: kind,
            backend: backend,
            replicas: try Replicas(min: replicas, max: max(1, replicas)),
            policy: policy,
            unloadAfter: unloadAfter,
            isPinned: pinned,
            parks: park
        )
    }

    private func backend() throws -> Backend {
        if let provider {
            guard engine == nil, endpoint.isEmpty, route.isEmpty else {
                throw ValidationError("Give --provider, or one of --engine, --endpoint and --route.")
            }
            return .provider(try spec(at: provider))
        }
        guard model == nil, access.isEmpty else {
            throw ValidationError("--model, --base-url, --option and the options of keys are for --provider.")
        }
        let ways = [
            source != nil || engine == "openai-compatible" && !arguments.isEmpty, !endpoint.isEmpty, !route.isEmpty,
        ]
        guard ways.count(where: { $0 }) == 1 else {
            throw ValidationError("Give exactly one of a source, --provider, --endpoint and --route.")
        }
        if !endpoint.isEmpty { return .endpoints(try endpoint.map { try Endpoint($0) }) }
        if !route.isEmpty { return .route(try routeSpec()) }
        var source = source ?? ""
        if PullSource.isSource(source) {
            let engine = engine ?? "llama.cpp"
            let pulls = ModelPulls(try configuration())
            return .engine(try spec(engine, try pulls.place(of: try PullSource(source), engine: engine)))
        }
        let folder = FileManager.default.currentDirectoryPath
        if Configuration.looksLikeFile(source) || FileManager.default.fileExists(atPath: "\(folder)/\(source)") {
            if !source.hasPrefix("/"), !source.isEmpty { source = "\(folder)/\(source)" }
        }
        if let known { return .engine(try spec(of: known)) }
        return .engine(try spec(engine ?? "llama.cpp", source))
    }

    private func routeSpec() throws -> RouteSpec {
        guard let preference = prefer.map({ RouteSpec.Preference(rawValue: $0) }) ?? .some(nil) else {
            throw ValidationError("--prefer is cost, not \(prefer ?? "").")
        }
        let members = try route.map { text throws -> RouteSpec.Member in
            guard let mark = text.lastIndex(of: "="), let weight = Int(text[text.index(after: mark)...]) else {
                return RouteSpec.Member(try ModelName(text))
            }
            return RouteSpec.Member(try ModelName(String(text[..<mark])), weight: weight)
        }
        return RouteSpec(members, preference: preference, spillAbove: spillAbove)
    }

    /// How to reach the model at a provider, with the keys that were found.
    private func spec(at name: String) throws -> ProviderSpec {
        let provider = try Providers.required(name)
        let found = try access.requiredKeys(for: provider, ProcessInfo.processInfo.environment)
        for one in found { Terminal.note("uses the key \(one.key.secret.masked) of \(one.place)") }
        return ProviderSpec(
            provider: provider.name,
            // A name that stands beside --name is what the provider calls the model.
            source: model ?? (self.name == nil ? nil : source),
            keys: found.map(\.key),
            base: access.baseURL,
            options: try access.options()
        )
    }

    /// The model of the catalog that the source names, unless there is a file of that name.
    private var known: CatalogModel? {
        guard let source, provider == nil, endpoint.isEmpty, route.isEmpty, !PullSource.isSource(source),
            !Configuration.looksLikeFile(source),
            !FileManager.default.fileExists(atPath: source)
        else { return nil }
        return try? Catalog.model(source)
    }

    /// How this machine serves a model of the catalog; what the command line says comes first.
    private func spec(of model: CatalogModel) throws -> EngineSpec {
        let configuration = try configuration()
        var machine = Machine.here(EngineInventory(configuration).all())
        if let engine { machine.engines.formIntersection([engine]) }
        let choice = try DeploymentChoice(model, on: machine, context: context, parallel: parallel)
        Terminal.note(choice.reason)
        let pulled = ModelPulls(configuration).place(
            of: model,
            engine: choice.engine,
            quantization: choice.quantization
        )
        guard pulled != nil || choice.engine != "llama.cpp" else {
            throw SMMFError(
                .notFound,
                "llama.cpp serves a file, and \(model.name) is not on this machine.",
                field: "source",
                nextStep:
                    "Run smmf model pull \(model.name)\(engine.map { " --engine \($0)" } ?? "") and deploy it again, "
                    + "or name another engine with --engine."
            )
        }
        var spec = try spec(choice.engine, pulled ?? choice.source)
        spec.context = choice.context
        spec.parallel = spec.parallel ?? (choice.engine == "transformers" ? nil : choice.parallel)
        if let devices = choice.devices, devices > 1 { spec.tensorParallel = spec.tensorParallel ?? devices }
        spec.arguments = (model.arguments[choice.engine] ?? []) + spec.arguments
        return spec
    }

    /// Where models were pulled to on this machine, by the file and environment that `smmf model pull` reads too.
    private func configuration() throws -> Configuration {
        let environment = ProcessInfo.processInfo.environment
        let file = "smmf.toml"
        var configuration =
            try FileManager.default.fileExists(atPath: file)
            ? ConfigurationFile.load(file, environment: environment) : Configuration()
        try configuration.override(with: environment)
        configuration.expandHome(environment)
        configuration.makeDataAbsolute(in: FileManager.default.currentDirectoryPath)
        return configuration
    }

    private func spec(_ engine: String, _ source: String) throws -> EngineSpec {
        EngineSpec(
            engine: engine,
            source: source,
            context: context,
            parallel: parallel,
            threads: threads,
            tensorParallel: tensorParallel,
            quantization: quantization,
            memoryShare: memoryShare,
            batchTokens: batchTokens,
            adapters: try adapters(),
            arguments: arguments,
            limits: try limits()
        )
    }

    private func limits() throws -> ResourceLimits {
        ResourceLimits(
            memory: limitMemory,
            cores: try limitCores.map { text in try Int(text).map { .count($0) } ?? CoreRequest(list: text) },
            devices: limitDevices.map { text in
                if let count = Int(text) { return .count(count) }
                return .list(text.split(separator: ",").map(String.init))
            },
            niceness: limitNiceness
        )
    }

    private func adapters() throws -> [String: String] {
        var adapters: [String: String] = [:]
        for text in adapter {
            guard let mark = text.firstIndex(of: "="), mark != text.startIndex else {
                throw ValidationError("--adapter is name=folder, not \(text).")
            }
            adapters[String(text[..<mark])] = String(text[text.index(after: mark)...])
        }
        return adapters
    }

    private static func defaultName(_ source: String) -> String {
        let source = (try? PullSource(source))?.description ?? source
        let last = source.split(separator: "/").last.map { String($0.prefix { $0 != "@" }) } ?? source
        return last.hasSuffix(".gguf") ? String(last.dropLast(5)) : last
    }
}
