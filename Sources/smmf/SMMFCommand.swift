// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFAssembly

/// The command line.
struct SMMFCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smmf",
        abstract: "Deploys many models on many inference frameworks and serves them as one service.",
        version: SMMFVersion.text,
        subcommands: [
            ServeCommand.self, StartCommand.self, ModelCommand.self, KeyCommand.self, EngineCommand.self,
            ProviderCommand.self,
            ConfigCommand.self, BenchCommand.self, DoctorCommand.self, VersionCommand.self, CompletionsCommand.self,
        ]
    )
}
