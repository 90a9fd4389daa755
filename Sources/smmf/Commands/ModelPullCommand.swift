// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFAssembly
import SMMFCatalog
import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore
import SMMFDownload

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ModelPullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Downloads a model into the data folder, or goes on where an earlier pull was interrupted.",
        discussion: """
            A source is a name of smmf model catalog, hf:OWNER/REPO[@REVISION][:FILES], ms:OWNER/REPO[@REVISION][:FILES] or \
            https://URL[#sha256=HEX]. FILES is a quantization such as Q4_K_M or a pattern such as '*.json'.
            HF_TOKEN and MODELSCOPE_API_TOKEN open what is gated; HF_ENDPOINT and MODELSCOPE_ENDPOINT name mirrors; \
            HTTPS_PROXY and NO_PROXY are followed.
            """
    )

    @Argument(help: "A name of smmf model catalog, hf:OWNER/REPO, ms:OWNER/REPO or https://URL.")
    var source: String

    @Option(help: "The engine to pull a model of the catalog for (default: what this machine serves it best with).")
    var engine: String?

    @Option(help: "Where to pull a model of the catalog from: hf (Hugging Face) or ms (ModelScope).")
    var hub = Hub.huggingFace.rawValue

    @Flag(help: "Remove what was pulled of it, and free the space.")
    var remove = false

    @Flag(help: "Print a line of JSON for each step, and at the end one for the model.")
    var json = false

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let configuration = try server.configuration()
        let pulls = ModelPulls(configuration)
        if remove { return try removal(pulls.store) }
        let (wanted, name) = try wanted(configuration)
        let folder = try DataFolder(configuration.data)
        let puller = try Puller(
            store: ModelStore(data: folder.path),
            environment: ProcessInfo.processInfo.environment
        )
        let (news, report) = AsyncStream<PullProgress>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let pull = Task {
            defer { report.finish() }
            return try await puller.pull(wanted, name: name) { report.yield($0) }
        }
        var line = PullLine(json: json)
        for await state in news { line.show(state) }
        line.finish()
        let model = try await pull.value
        if json { return Terminal.write(String(decoding: try ControlJSON.encode(model), as: UTF8.self) + "\n") }
        // An address may hold a signature.
        let shown = source.contains("://") ? model.source : source
        print("\(shown) is here: \(DeploymentChoice.size(model.size)) in \(model.folder).")
    }

    private func removal(_ store: ModelStore) throws {
        let model = try store.remove(source)
        if json { return Terminal.write(String(decoding: try ControlJSON.encode(model), as: UTF8.self) + "\n") }
        let shown = source.contains("://") ? model.source : source
        print("\(shown) is removed: \(DeploymentChoice.size(model.size)) are free again.")
    }

    /// The source, and the name of the catalog that led to it.
    private func wanted(_ configuration: Configuration) throws -> (PullSource, String?) {
        if PullSource.isSource(source) { return (try PullSource(source), nil) }
        let model = try Catalog.model(source)
        guard let hub = Hub(rawValue: hub) else { throw ValidationError("--hub is hf or ms, not \(hub).") }
        if let engine {
            guard model.engines.contains(engine) else {
                throw SMMFError(
                    .invalidRequest,
                    "\(model.name) is not served by \(engine).",
                    field: "--engine",
                    nextStep: "It is by \(model.engines.joined(separator: ", "))."
                )
            }
            let found = try ModelPulls.source(of: model, engine: engine, quantization: .q4, hub: hub)
            return (found, model.name)
        }
        let machine = Machine.here(EngineInventory(configuration).all())
        let choice = try DeploymentChoice(model, on: machine)
        Terminal.note(choice.reason)
        let found = try ModelPulls.source(
            of: model,
            engine: choice.engine,
            quantization: choice.quantization,
            hub: hub
        )
        return (found, model.name)
    }
}

struct ModelPulledCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pulled",
        abstract: "Lists the models that were pulled onto this machine, and what is still missing of them."
    )

    @Flag(help: "Print JSON for programs.") var json = false
    @OptionGroup var server: ServerOptions

    func run() throws {
        let models = ModelPulls(try server.configuration()).store.list()
        if json {
            return Terminal.write(String(decoding: try ControlJSON.encode(models, pretty: true), as: UTF8.self) + "\n")
        }
        guard !models.isEmpty else {
            return Terminal.note("No models are pulled. Pull one with: smmf model pull NAME")
        }
        var table = Table("MODEL", "SIZE", "STATE", "SOURCE", "FOLDER")
        for model in models {
            let missing = model.missing.map { "\(DeploymentChoice.size($0)) missing" } ?? "not whole"
            table.add(
                model.name ?? model.source,
                DeploymentChoice.size(model.size),
                model.isComplete ? "here" : missing,
                model.source,
                model.folder
            )
        }
        table.print()
    }
}
