// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFAssembly
import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore
import SMMFProviders

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ProviderTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Asks a provider for one token and says in one line what came of it.",
        discussion: """
            The name is a provider's, or that of a model in the configuration file, whose keys are all tried. Keys come \
            from the variables that are named, from the configuration file, or from the provider's usual variables.
            """
    )

    @Argument(help: "The provider, or a model of the configuration file.") var name: String
    @Option(help: "The model to ask, as the provider calls it (default: a cheap one).") var model: String?
    @OptionGroup var access: ProviderKeyOptions
    @Option(name: .shortAndLong, help: "The configuration file. Without it ./smmf.toml is read where there is one.")
    var config: String?
    @Option(help: "How many seconds to wait for the answer.") var timeout = 30
    @Flag(help: "Print JSON for programs.") var json = false

    /// One line.
    private struct Report: Encodable {
        var provider: String
        var model: String?
        /// As it may be shown.
        var key: String?
        var keyFrom: String?
        var outcome: ProviderVerdict.Outcome
        var message: String
        var nextStep: String?

        enum CodingKeys: String, CodingKey {
            case provider, model, key, outcome, message
            case keyFrom = "key_from"
            case nextStep = "next_step"
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let configured = try configured(environment)
        let provider = try Providers.required(configured?.provider ?? name)
        var spec = configured ?? ProviderSpec(provider: provider.name)
        if let base = access.baseURL { spec.base = base }
        spec.options.merge(try access.options()) { $1 }
        var keys = (configured?.keys ?? []).map { ProviderKeyOptions.Found(key: $0, place: "the configuration file") }
        if keys.isEmpty || access.namesKeys { keys = try access.requiredKeys(for: provider, environment) }
        guard (1...600).contains(timeout) else { throw ValidationError("--timeout is from 1 to 600 seconds.") }
        let check = ProviderCheck(
            http: PlainHTTP(http: SharedHTTP(connectTimeout: .seconds(10))),
            environment: environment,
            timeout: .seconds(timeout)
        )
        var reports: [Report] = []
        for found in keys.isEmpty ? [nil] : keys.map(Optional.some) {
            let key = found?.key.secret
            let result = try await check.run(provider, spec, model: model ?? spec.source, key: key)
            let report = Report(
                provider: provider.name,
                model: result.model,
                key: key?.masked,
                keyFrom: found?.place,
                outcome: result.verdict.outcome,
                message: result.verdict.message,
                nextStep: result.verdict.nextStep
            )
            reports.append(report)
            if !json { show(report, of: keys.count) }
        }
        if json {
            Terminal.write(String(decoding: try ControlJSON.encode(reports, pretty: true), as: UTF8.self) + "\n")
        }
        if reports.contains(where: { $0.outcome != .works }) { throw CommandFailed() }
    }

    private func show(_ report: Report, of count: Int) {
        let works = report.outcome == .works
        let key = report.key.map { " (key \($0) of \(report.keyFrom ?? ""))" } ?? ""
        let mark = Terminal.styled(works ? "ok  " : "look", works ? .green : .yellow)
        Terminal.write("\(mark)  \(report.message)\(key)\n")
        if let nextStep = report.nextStep, !nextStep.isEmpty { Terminal.write("      \(nextStep)\n") }
    }

    /// What the configuration file says of the model or provider of that name.
    private func configured(_ environment: [String: String]) throws -> ProviderSpec? {
        let usual = FileManager.default.fileExists(atPath: "smmf.toml") ? "smmf.toml" : nil
        guard let file = config ?? usual else { return nil }
        if config == nil, Providers.named(name) != nil {
            // A file that nobody named, and that may lack variables for other models, is not in the way.
            return try? Self.spec(of: name, in: ConfigurationFile.load(file, environment: environment))
        }
        return Self.spec(of: name, in: try ConfigurationFile.load(file, environment: environment))
    }

    private static func spec(of name: String, in configuration: Configuration) -> ProviderSpec? {
        var ofProvider: ProviderSpec?
        for deployment in configuration.models {
            guard case .provider(let spec) = deployment.backend else { continue }
            if deployment.name.text == name {
                var spec = spec
                spec.source = spec.source ?? deployment.name.text
                return spec
            }
            if spec.provider == name, ofProvider == nil { ofProvider = spec }
        }
        return ofProvider
    }
}
