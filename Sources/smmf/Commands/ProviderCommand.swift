// SPDX-License-Identifier: MIT

import ArgumentParser

struct ProviderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider",
        abstract: "Shows providers and the state of their keys, and tries them.",
        subcommands: [ProviderListCommand.self, ProviderTestCommand.self]
    )
}
