// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFControlHTTP
import SMMFCore

struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Shows, deploys and manages models.",
        subcommands: [
            ModelListCommand.self, ModelCatalogCommand.self, ModelPullCommand.self, ModelPulledCommand.self,
            ModelDeployCommand.self, ModelRemoveCommand.self,
            ModelStartCommand.self, ModelStopCommand.self, ModelDrainCommand.self, ModelRestartCommand.self,
            ModelDescribeCommand.self, ModelLogsCommand.self, ModelChatCommand.self,
        ]
    )

    /// The path of a model in the controller's API.
    static func path(_ name: String) -> String { "/v1/deployments/\(PercentCoding.encode(name))" }
}

struct ModelListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists models and their instances.")

    @OptionGroup var options: ControlOptions

    func run() async throws {
        let models: [ModelStatus] = try await options.withClient { try await $0.call(.get, "/v1/deployments") }
        if options.json { return try options.printJSON(models) }
        guard !models.isEmpty else {
            return Terminal.note("No models yet. Deploy one with: smmf model deploy FILE.gguf --name NAME")
        }
        var table = Table("MODEL", "STATE", "INSTANCE", "WORKER", "ENDPOINT", "AGE", "LOAD", "NOTE")
        for model in models {
            if model.instances.isEmpty {
                table.add(model.deployment.name.text, model.summary, "", "", "", "", "", Self.note(model))
            }
            for instance in model.instances {
                table.add(
                    model.deployment.name.text,
                    instance.state.rawValue,
                    instance.id.text,
                    instance.worker?.text ?? instance.access?.provider ?? "external",
                    instance.endpoint?.authority ?? "",
                    Age.text(since: instance.since),
                    instance.load.map { "\($0.running)+\($0.waiting)" } ?? "",
                    Self.note(instance)
                )
            }
        }
        table.print()
    }

    private static func note(_ instance: Instance) -> String {
        switch instance.state {
        case .ready: ""
        case .parked: kept(instance)
        default: instance.detail ?? instance.failure?.message ?? ""
        }
    }

    private static func kept(_ instance: Instance) -> String {
        let cards = (instance.cardMemory ?? [:]).filter { $0.value > 0 }.sorted { $0.key < $1.key }
        let parts =
            [instance.memory.map { "\($0 >> 20) MB" }].compactMap { $0 }
            + cards.map { "\($0.value >> 20) MB on card \($0.key)" }
        return parts.isEmpty ? "" : "keeps " + parts.joined(separator: ", ")
    }

    private static func note(_ model: ModelStatus) -> String {
        if case .route(let spec) = model.deployment.backend { return "route: \(spec)" }
        return model.notice ?? ""
    }
}

struct ModelRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Removes a model and ends its instances."
    )

    @Argument(help: "The model's name.") var name: String
    @OptionGroup var options: ControlOptions

    func run() async throws {
        try await options.withClient { try await $0.send(.delete, ModelCommand.path(name)) }
        if options.json { try options.printJSON(["removed": name]) } else { print("\(name) is removed.") }
    }
}
