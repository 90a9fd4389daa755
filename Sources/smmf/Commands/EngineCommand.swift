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
        abstract: "Lists engines: where they are on this machine, in which version, and which cannot run here."
    )

    @OptionGroup var server: ServerOptions
    @Flag(help: "Print JSON for programs.") var json = false

    func run() async throws {
        let engines = EngineInventory(try server.configuration()).all()
        if json {
            return Terminal.write(String(decoding: try ControlJSON.encode(engines, pretty: true), as: UTF8.self) + "\n")
        }
        var table = Table("ENGINE", "STATE", "VERSION", "WHERE")
        for engine in engines {
            let note = engine.obstacle ?? engine.place ?? engine.nextStep ?? ""
            table.add(engine.name, engine.obstacle == nil ? engine.state : "unusable", engine.version ?? "", note)
        }
        table.print()
    }
}

struct EngineInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Installs an engine into an environment of its own in the data folder."
    )

    @Argument(help: "The engine's name.") var name: String
    @Option(
        help: "A version of its package on PyPI, with whatever that asks for, instead of the set that SMMF has pinned."
    )
    var version: String?
    @Flag(help: "Install again what is installed.") var again = false
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let inventory = EngineInventory(try server.configuration())
        var line = ProgressLine()
        let (steps, report) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(16))
        let installation = Task {
            defer { report.finish() }
            return try await inventory.install(
                name,
                version: version,
                again: again,
                guardProgram: ServerOptions.guardProgram
            ) { report.yield($0) }
        }
        for await step in steps { line.show(step) }
        line.finish()
        print("\(name) is installed in \(try await installation.value).")
        guard version != nil else { return }
        Terminal.note(
            "It is not the set that SMMF has pinned and tried, and its packages were taken as they came. It is used from "
                + "now on; smmf engine install \(name) goes back."
        )
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
            let isThere = engine.place != nil && engine.obstacle == nil
            let place = engine.place ?? (engine.state == "missing" ? nil : engine.state)
            print(Self.mark(isThere) + " \(engine.name)" + (place.map { ": \($0)" } ?? ""))
            if let advice = engine.obstacle ?? engine.nextStep { print("    \(advice)") }
            isComplete = isComplete && isThere
        }
        if let problem = await inventory.pythonProblem(guardProgram: ServerOptions.guardProgram) {
            print(Self.mark(false) + " python3: \(problem.message)")
            if let nextStep = problem.nextStep { print("    \(nextStep)") }
            isComplete = false
        }
        if !isComplete { throw CommandFailed() }
    }

    static func mark(_ isGood: Bool) -> String {
        isGood ? Terminal.styled("ok     ", .green) : Terminal.styled("missing", .yellow)
    }
}
