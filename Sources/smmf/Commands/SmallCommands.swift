// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFAssembly
import SMMFConfiguration
import SMMFCore

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Prints the version.")

    func run() { print("smmf \(SMMFVersion.text)") }
}

struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Prints a completion script for a shell."
    )

    @Argument(help: "bash, zsh or fish.")
    var shell: String

    func run() throws {
        guard let shell = CompletionShell(rawValue: shell) else {
            throw ValidationError("There are completions for bash, zsh and fish, not for \(shell).")
        }
        print(SMMFCommand.completionScript(for: shell))
    }
}

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Checks a configuration file or prints an example.",
        subcommands: [Check.self, Example.self]
    )

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads a configuration as serve would, and says what it finds."
        )

        @OptionGroup var options: ServerOptions

        func run() throws {
            let configuration = try options.configuration()
            try configuration.validateExposure()
            for model in configuration.models {
                let others = configuration.models.filter { $0.name != model.name }
                do {
                    try model.validate(
                        engines: Plugins.engines.map(\.name),
                        providers: Plugins.providers,
                        policies: Plugins.policies.map(\.name),
                        others: others
                    )
                } catch {
                    throw SMMFError(
                        .configuration,
                        "\(model.name): \(error.message)",
                        field: error.field,
                        nextStep: error.nextStep
                    )
                }
            }
            print("The configuration is right: \(configuration.models.count) models.")
        }
    }

    struct Example: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints an example with every option.")

        func run() { Terminal.write(ConfigurationExample.text) }
    }
}
