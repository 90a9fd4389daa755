// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFAssembly
import SMMFCatalog
import SMMFControlHTTP
import SMMFCore

struct ModelCatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "Lists models that are known by name, or shows one and how this machine would serve it."
    )

    @Argument(help: "A model's name.") var name: String?
    @Flag(help: "Print JSON for programs.") var json = false
    @OptionGroup var server: ServerOptions

    func run() throws {
        let models = try name.map { [try Catalog.model($0)] } ?? Catalog.models
        if json {
            return Terminal.write(
                String(decoding: try ControlJSON.encode(models, pretty: true), as: UTF8.self) + "\n"
            )
        }
        guard let model = models.first, name != nil else { return list(models) }
        show(model)
        let configuration = try server.configuration()
        let machine = Machine.here(EngineInventory(configuration).all())
        do throws(SMMFError) {
            let choice = try DeploymentChoice(model, on: machine)
            print("here: \(choice.reason)")
            let pulled = ModelPulls(configuration).place(
                of: model,
                engine: choice.engine,
                quantization: choice.quantization
            )
            if let pulled { print("pulled: \(pulled)") }
        } catch {
            print("here: \(error.message)")
        }
    }

    private func list(_ models: [CatalogModel]) {
        var table = Table("MODEL", "KIND", "SIZE", "CONTEXT", "MEMORY", "LICENCE", "ENGINES")
        for model in models {
            table.add(
                model.name,
                model.kind.rawValue,
                "\(model.billions)B",
                "\(model.context)",
                DeploymentChoice.size(estimate(model, .published).total),
                model.licence,
                model.engines.joined(separator: " ")
            )
        }
        table.print()
        Terminal.note(
            "MEMORY is for the weights as published and one request of 8192 tokens; smmf model catalog NAME tells more."
        )
    }

    private func show(_ model: CatalogModel) {
        print("name: \(model.name) (\(model.kind.rawValue), \(model.billions) billion numbers)")
        print("hugging face: \(model.huggingFace)")
        if let repository = model.modelScope { print("modelscope: \(repository)") }
        if let gguf = model.gguf { print("gguf: \(gguf)") }
        print("context: \(model.context)")
        print("licence: \(model.licence)")
        print("engines: \(model.engines.joined(separator: ", "))")
        for (engine, arguments) in model.arguments.sorted(by: { $0.key < $1.key }) {
            print("flags of \(engine): \(arguments.joined(separator: " "))")
        }
        for quantization in Quantization.allCases where quantization == .published || model.gguf != nil {
            let estimate = estimate(model, quantization)
            print("memory, \(quantization.rawValue): about \(DeploymentChoice.size(estimate.total))")
        }
    }

    private func estimate(_ model: CatalogModel, _ quantization: Quantization) -> MemoryEstimate {
        MemoryEstimate(model, quantization, context: min(8192, model.context), parallel: 1)
    }
}
