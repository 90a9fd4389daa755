// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFAssembly
import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore

struct EngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: "Shows and installs inference engines.",
        subcommands: [EngineListCommand.self, EngineInstallCommand.self, EngineDoctorCommand.self]
    )
}

struct EngineListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists engines and where they are on this machine."
    )

    @OptionGroup var server: ServerOptions
    @Flag(help: "Print JSON for programs.") var json = false

    func run() async throws {
        let engines = EngineInventory(try server.configuration()).all()
        if json {
            return Terminal.write(String(decoding: try ControlJSON.encode(engines, pretty: true), as: UTF8.self) + "\n")
        }
        var table = Table("ENGINE", "STATE", "WHERE")
        for engine in engines { table.add(engine.name, engine.state, engine.place ?? engine.nextStep ?? "") }
        table.print()
    }
}

struct EngineInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Installs an engine into an environment of its own in the data folder."
    )

    @Argument(help: "The engine's name.") var name: String
    @Flag(help: "Install again what is installed.") var again = false
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let inventory = EngineInventory(try server.configuration())
        var line = ProgressLine()
        let (steps, report) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(16))
        let installation = Task {
            defer { report.finish() }
            return try await inventory.install(name, again: again, guardProgram: ServerOptions.guardProgram) {
                report.yield($0)
            }
        }
        for await step in steps { line.show(step) }
        line.finish()
        print("\(name) is installed in \(try await installation.value).")
    }
}

struct EngineDoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Says for each engine what is missing and how to get it."
    )

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let inventory = EngineInventory(try server.configuration())
        var isComplete = true
        for engine in inventory.all() {
            let isThere = engine.place != nil
            Terminal.write(Self.mark(isThere) + " \(engine.name): \(engine.place ?? engine.state)\n")
            if let nextStep = engine.nextStep { print("    \(nextStep)") }
            isComplete = isComplete && isThere
        }
        if let problem = await inventory.pythonProblem(guardProgram: ServerOptions.guardProgram) {
            Terminal.write(Self.mark(false) + " python3: \(problem.message)\n")
            if let nextStep = problem.nextStep { print("    \(nextStep)") }
            isComplete = false
        }
        if !isComplete { throw CommandFailed() }
    }

    static func mark(_ isGood: Bool) -> String {
        isGood ? Terminal.styled("ok     ", .green) : Terminal.styled("missing", .yellow)
    }
}
