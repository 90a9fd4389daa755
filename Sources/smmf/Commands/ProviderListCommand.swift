// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFControlHTTP
import SMMFCore
import SMMFProviders

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ProviderListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists providers with deployments: models, keys, and how the API server stands with each key.",
        discussion: "Where the API server asks for a key, SMMF_API_KEY has it."
    )

    @Flag(help: "List every provider that is known, with the environment variables for its key.") var all = false
    @Option(help: "The API Server's address, host:port or unix:/path (default: SMMF_API or port 8100).")
    var api: String?
    @OptionGroup var options: ControlOptions

    func run() async throws {
        if all { return try listAll() }
        let models: [ModelStatus] = try await options.withClient { try await $0.call(.get, "/v1/deployments") }
        let standings = await StandingReader.read(api)
        var rows: [Row] = []
        for model in models {
            guard case .provider(let spec) = model.deployment.backend else { continue }
            rows += model.instances.map { Row($0, spec, standings?[$0.id]) }
            if model.instances.isEmpty { rows.append(Row(model, spec)) }
        }
        rows.sort { ($0.provider, $0.model, $0.instance) < ($1.provider, $1.model, $1.instance) }
        if options.json { return try options.printJSON(rows) }
        guard !rows.isEmpty else {
            return Terminal.note(
                "No model of a provider yet. Deploy one with: smmf model deploy NAME --provider PROVIDER; "
                    + "smmf provider list --all has them."
            )
        }
        var table = Table("PROVIDER", "MODEL", "UPSTREAM", "KEY", "WEIGHT", "PRICE", "HEALTH")
        for row in rows {
            table.add(
                row.provider,
                row.model,
                row.upstream,
                row.key ?? "",
                row.weight.map(String.init) ?? "",
                row.price,
                row.health
            )
        }
        table.print()
        if standings == nil { Terminal.note("The API server does not answer, so the state of keys is not known.") }
    }

    /// One key of one model.
    private struct Row: Encodable {
        var provider: String
        var model: String
        var upstream: String
        var instance: String
        /// As it may be shown.
        var key: String?
        var weight: Int?
        var state: String
        var secondsLeft: Int?
        var inFlight: Int?
        /// Dollars for a million tokens.
        var inputPrice: Double?
        var outputPrice: Double?

        enum CodingKeys: String, CodingKey {
            case provider, model, upstream, instance, key, weight, state
            case secondsLeft = "seconds_left"
            case inFlight = "in_flight"
            case inputPrice = "input_price"
            case outputPrice = "output_price"
        }

        init(_ instance: Instance, _ spec: ProviderSpec, _ standing: InstanceStanding?) {
            provider = spec.provider
            model = instance.model.text
            upstream = spec.source ?? instance.model.text
            self.instance = instance.id.text
            key = instance.access?.key?.masked
            weight = key == nil ? nil : instance.weight ?? 1
            state = standing?.state.rawValue ?? "unknown"
            secondsLeft = standing?.secondsLeft
            inFlight = standing?.inFlight
            if let standing {
                inputPrice = standing.inputPrice
                outputPrice = standing.outputPrice
            } else if let known = PriceTable().price(of: upstream, at: provider) {
                inputPrice = known.input
                outputPrice = known.output
            }
        }

        /// A model without rows: it is offline.
        init(_ status: ModelStatus, _ spec: ProviderSpec) {
            provider = spec.provider
            model = status.deployment.name.text
            upstream = spec.source ?? model
            instance = ""
            state = status.summary
        }

        var price: String { PriceText.text(input: inputPrice, output: outputPrice) }

        var health: String {
            let again = secondsLeft.map { ", tried again in \($0) s" } ?? ""
            return switch state {
            case "limited": "rate limit reached" + again
            case "exhausted": "no money or quota left" + again
            case "refused": "refused by the provider" + again
            default: state
            }
        }
    }

    /// A provider that is known.
    private struct Known: Encodable {
        var name: String
        var title: String
        var address: String
        var dialect: String
        var environment: [String]
        /// The first of the variables that is set.
        var keyFrom: String?
        var options: [String]
        var prices: [ProviderPrice]

        enum CodingKeys: String, CodingKey {
            case name, title, address, dialect, environment, options, prices
            case keyFrom = "key_from"
        }
    }

    private struct ProviderPrice: Encodable {
        var model: String
        var input: Double
        var output: Double
        var cached: Double?
        var asOf: String

        enum CodingKeys: String, CodingKey {
            case model, input, output, cached
            case asOf = "as_of"
        }
    }

    private func listAll() throws {
        let environment = ProcessInfo.processInfo.environment
        let known = Providers.all.sorted { $0.name < $1.name }.map { provider in
            Known(
                name: provider.name,
                title: provider.title,
                address: provider.base,
                dialect: provider.dialect.description,
                environment: provider.environment,
                keyFrom: provider.environment.first { environment[$0]?.isEmpty == false },
                options: provider.options,
                prices: PriceTable.bundled.filter { $0.provider == provider.name }.map {
                    ProviderPrice(
                        model: $0.model,
                        input: $0.input,
                        output: $0.output,
                        cached: $0.cached,
                        asOf: $0.asOf
                    )
                }
            )
        }
        if options.json { return try options.printJSON(known) }
        var table = Table("PROVIDER", "NAME", "KEY FROM", "SET", "PRICES", "ADDRESS")
        for one in known {
            let prices = one.prices.map(\.asOf).max().map { "\(one.prices.count) models, \($0)" } ?? ""
            table.add(
                one.name,
                one.title,
                one.environment.isEmpty ? "no key needed" : one.environment.joined(separator: " or "),
                one.environment.isEmpty ? "" : one.keyFrom ?? "no",
                prices,
                one.address
            )
        }
        table.print()
    }
}
