// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFControlHTTP
import SMMFCore
import SMMFProviders

struct ModelDescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Shows everything about a model and its instances, or about one instance."
    )

    @Argument(help: "The model's or an instance's name.") var name: String
    @OptionGroup var options: ControlOptions

    func run() async throws {
        try await options.withClient { client in
            switch try await ModelTarget.find(name, client) {
            case .instance(let instance):
                let description: InstanceDescription = try await client.call(.get, ModelTarget.path(instance.id))
                if options.json { return try options.printJSON(description) }
                InstancePage.print(description)
            case .model(let status):
                let descriptions = await Self.descriptions(of: status.instances, client)
                if options.json { return try options.printJSON(Report(status: status, descriptions: descriptions)) }
                show(status)
                await showPrice(of: status)
                for instance in status.instances {
                    print("")
                    let description = descriptions.first { $0.instance.id == instance.id }
                    InstancePage.print(description ?? InstanceDescription(instance: instance))
                }
            }
        }
    }

    /// What the workers know more of; a worker that does not answer leaves its instances out.
    private static func descriptions(of instances: [Instance], _ client: ControlClient) async -> [InstanceDescription] {
        var found: [InstanceDescription] = []
        for instance in instances where instance.worker != nil {
            if let one: InstanceDescription = try? await client.call(.get, ModelTarget.path(instance.id)) {
                found.append(one)
            }
        }
        return found
    }

    /// A model's status with what the workers know, as one document.
    private struct Report: Encodable {
        var status: ModelStatus
        var descriptions: [InstanceDescription]

        private enum CodingKeys: String, CodingKey { case descriptions }

        func encode(to encoder: any Encoder) throws {
            try status.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(descriptions, forKey: .descriptions)
        }
    }

    private func show(_ status: ModelStatus) {
        let deployment = status.deployment
        Page.line("model", deployment.name.text)
        Page.line("state", status.summary + (status.notice.map { " (\($0))" } ?? ""))
        Page.line("kind", deployment.kind.rawValue)
        describe(deployment.backend)
        Page.line("replicas", "\(deployment.replicas.min) to \(deployment.replicas.max)")
        if let seconds = deployment.unloadAfter {
            Page.line(
                "unload_after",
                "\(seconds) s" + (deployment.isPinned ? ", pinned" : "") + (deployment.parks ? ", then parked" : "")
            )
        }
        Page.line("policy", deployment.policy)
        Page.line("generation", "\(deployment.generation)")
        Page.line("owner", deployment.isFromFile ? "configuration file" : "API")
    }

    private func describe(_ backend: Backend) {
        switch backend {
        case .engine(let spec): describe(spec)
        case .provider(let spec):
            Page.line("provider", spec.provider)
            if let source = spec.source { Page.line("source", source) }
            if let base = spec.base { Page.line("base url", base) }
            for (name, value) in spec.options.sorted(by: { $0.key < $1.key }) {
                Page.line("option", "\(name)=\(value)")
            }
            for key in spec.keys {
                Page.line("key", key.secret.masked + (key.weight == 1 ? "" : ", weight \(key.weight)"))
            }
        case .endpoints(let endpoints): Page.line("endpoints", endpoints.map(\.description).joined(separator: ", "))
        case .route(let spec): Page.line("route", spec.description)
        }
    }

    /// The price of a provider's model, as the API server has it, or as it comes along.
    private func showPrice(of status: ModelStatus) async {
        guard case .provider(let spec) = status.deployment.backend else { return }
        let standing = await StandingReader.read(nil)?.values.first { $0.model == status.deployment.name }
        let known = PriceTable().price(of: spec.source ?? status.deployment.name.text, at: spec.provider)
        let input = standing == nil ? known?.input : standing?.inputPrice
        let output = standing == nil ? known?.output : standing?.outputPrice
        let month = standing == nil ? known?.asOf : standing?.priceAsOf
        let text = PriceText.text(input: input, output: output)
        Page.line("price", text.isEmpty ? "not known" : "\(text) for a million tokens (\(month ?? ""))")
    }

    private func describe(_ spec: EngineSpec) {
        let settings: [(String, String?)] = [
            ("engine", spec.engine), ("source", spec.source), ("context", spec.context.map(String.init)),
            ("parallel", spec.parallel.map(String.init)), ("threads", spec.threads.map(String.init)),
            ("tensor_parallel", spec.tensorParallel.map(String.init)), ("quantization", spec.quantization),
            ("memory_share", spec.memoryShare.map { "\($0)" }), ("batch_tokens", spec.batchTokens.map(String.init)),
        ]
        for case (let name, let value?) in settings { Page.line(name, value) }
        for (name, place) in spec.adapters.sorted(by: { $0.key < $1.key }) { Page.line("adapter", "\(name)=\(place)") }
        if !spec.arguments.isEmpty {
            Page.line("arguments", SecretMask.arguments(spec.arguments).joined(separator: " "))
        }
        if !spec.limits.isEmpty { Page.line("limits", InstancePage.text(spec.limits)) }
    }
}
