// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFAssembly
import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs controller, worker and API server in one process.",
        discussion: """
            Without a configuration file it looks for providers' keys in their usual environment variables and for servers \
            of models on the usual ports of this machine, and serves what it finds.
            """
    )

    @OptionGroup var options: ServerOptions

    @Flag(help: "Install the engines that the configuration's models need and this machine lacks.")
    var installEngines = false

    @Flag(
        name: .customLong("no-discover"),
        help: "Do not look for keys and servers where there is no configuration file."
    )
    var isBlind = false

    func run() async throws {
        var configuration = try options.configuration()
        // Who is refused anyway is told so first.
        try configuration.validateExposure()
        if options.file == nil, !isBlind { configuration.found = await discover(configuration) }
        let host = try options.host(configuration)
        if installEngines { try await install(host.configuration) }
        let announcer = ServeAnnouncer(models: configuration.models, found: configuration.found)
        try await Standalone(host).run { event in await announcer.note(event) }
    }

    /// Looks for what can be served, and says what was found.
    private func discover(_ configuration: Configuration) async -> [Deployment] {
        let discovery = Discovery(
            http: PlainHTTP(http: SharedHTTP()),
            environment: ProcessInfo.processInfo.environment,
            own: [configuration.api.port, configuration.control.port, configuration.worker.port]
        )
        let findings = await discovery.run()
        for finding in findings { ServeAnnouncer.say(finding) }
        return findings.flatMap(\.models)
    }

    private func install(_ configuration: Configuration) async throws {
        let inventory = EngineInventory(configuration)
        for name in inventory.missing(for: configuration.models) {
            let isTerminal = Terminal.isErrorTerminal
            let path = try await inventory.install(name, guardProgram: ServerOptions.guardProgram) { text in
                Terminal.writeError(isTerminal ? "\r\u{1B}[K" + text.prefix(110) : text + "\n")
            }
            if isTerminal { Terminal.writeError("\r\u{1B}[K") }
            Terminal.note("\(name) is installed in \(path).")
        }
    }
}

struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Runs one role as a process of its own.",
        subcommands: [Controller.self, Worker.self, APIServer.self]
    )

    struct Controller: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "controller",
            abstract: "Keeps deployments, places instances, and holds the registry."
        )
        @OptionGroup var options: ServerOptions

        func run() async throws {
            let announcer = ServeAnnouncer(models: [])
            try await SingleRole.runController(try options.host()) { await announcer.note($0) }
        }
    }

    struct Worker: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "worker",
            abstract: "Runs engines on this machine for the controller at --control."
        )
        @OptionGroup var options: ServerOptions

        func run() async throws {
            let announcer = ServeAnnouncer(models: [])
            try await SingleRole.runWorker(try options.host()) { await announcer.note($0) }
        }
    }

    struct APIServer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "apiserver",
            abstract: "Serves models to applications; follows the registry of the controller at --control."
        )
        @OptionGroup var options: ServerOptions

        func run() async throws {
            let announcer = ServeAnnouncer(models: [])
            try await SingleRole.runAPIServer(try options.host()) { await announcer.note($0) }
        }
    }
}
