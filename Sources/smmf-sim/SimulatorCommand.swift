// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFTesting

/// The simulated engine as a process, with the faults that only a process has.
@main
struct SimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smmf-sim",
        abstract: "An inference engine that is none, and that misbehaves on request.",
        usage: """
            smmf-sim [--port 0] [--model NAME] [--SETTING VALUE] ...
            smmf-sim [--load-ms N] [--fail CAUSE] [--SETTING VALUE] ... --as DIALECT [THE ENGINE'S OWN ARGUMENTS] ...
            smmf-sim --provider NAME|all ... [--port 0] [--key KEY] ... [--fault NAME]
            """,
        discussion: SettingArguments.help
    )

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes a free one, which is printed.")
    var port = 0

    @Option(help: "How many event loops serve the connections.")
    var threads = 1

    @Option(name: .customLong("load-ms"), help: "Answer 503 for so many milliseconds, as while a model loads.")
    var loadMilliseconds = 0

    @Flag(help: "Do not listen until --load-ms have passed, as engines do that bind their port last.")
    var bindLate = false

    @Option(name: .customLong("exit-after-ms"), help: "End the process after so many milliseconds.")
    var exitAfterMilliseconds: Int?

    @Option(help: "The status of every exit that was asked for.")
    var exitCode: Int32 = 1

    @Option(parsing: .unconditionalSingleValue, help: "Print this on stderr and exit, not listening; may be repeated.")
    var exitText: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "Print this line on stderr before listening; may be repeated.")
    var logLine: [String] = []

    @Flag(help: "Ignore SIGTERM.")
    var ignoreSigterm = false

    @Flag(help: "Start a child in this process group that stays when this process is killed.")
    var child = false

    @Flag(help: "Start a child in a session of its own that stays when this process group is killed.")
    var orphan = false

    @Option(help: "With --as: print what the engine prints when it cannot start for this cause, and end as it does.")
    var fail: String?

    @Option(help: "Play this provider, or all, instead of an engine; may be repeated.")
    var provider: [String] = []

    @Option(
        name: .customLong("as"),
        parsing: .remaining,
        help: "Start as this engine's program: what follows is read as the engine reads it, its environment too."
    )
    var engineLine: [String] = []

    @Flag(help: .hidden)
    var lingering = false

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func validate() throws {
        guard (0...65_535).contains(port), threads > 0, loadMilliseconds >= 0 else {
            throw ValidationError("--port must be 0 to 65535, --threads 1 or more, --load-ms 0 or more.")
        }
        guard provider.isEmpty else {
            _ = try ProviderStart(provider, arguments: settings)
            guard port == 0 || provider.count == 1 && provider != ["all"] else {
                throw ValidationError("--port is for one provider.")
            }
            return
        }
        _ = try SettingArguments(settings).script()
        guard engineLine.isEmpty || program != nil else {
            let names = SimulatorDialect.all.filter { $0.program != nil }.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--as takes the name of a dialect that has a program: \(names).")
        }
    }

    /// The engine's program that this one stands for.
    private var program: SimulatedProgram? {
        engineLine.first.flatMap { SimulatorDialect(rawValue: $0) }?.program
    }

    func run() async throws {
        if lingering { SimulatorProcess.linger() }
        SimulatorProcess.raiseFileLimit()
        if ignoreSigterm { SimulatorProcess.ignoreTermination() }
        for line in logLine { SimulatorProcess.say(line, on: .error) }
        if !exitText.isEmpty {
            for line in exitText { SimulatorProcess.say(line, on: .error) }
            SimulatorProcess.end(exitCode)
        }
        if child { try startChild(isOrphan: false) }
        if orphan { try startChild(isOrphan: true) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let exitAfterMilliseconds {
                group.addTask { [exitCode] in
                    try await Task.sleep(for: .milliseconds(exitAfterMilliseconds))
                    SimulatorProcess.end(exitCode)
                }
            }
            group.addTask { try await serve() }
            try await group.waitForAll()
        }
    }

    private func startChild(isOrphan: Bool) throws {
        let pid = try SimulatorProcess.startChild(inOwnSession: isOrphan)
        SimulatorProcess.say("\(isOrphan ? "orphan" : "child") \(pid)", on: .output)
    }

    private func serve() async throws {
        guard provider.isEmpty else {
            return try await ProviderStart(provider, arguments: settings).serve(host: host, port: port)
        }
        let script = try SettingArguments(settings).script()
        guard let program, let dialect = engineLine.first.flatMap({ SimulatorDialect(rawValue: $0) }) else {
            return try await serve(script, host: host, port: port)
        }
        let start = EngineStart(dialect: dialect, program: program, arguments: Array(engineLine.dropFirst()))
        try await start.runClient()
        let launch = try await start.launch(script, failing: fail, loading: .milliseconds(loadMilliseconds))
        let engine = try await start.listen(launch, threads: threads) { [exitCode] in SimulatorProcess.end(exitCode) }
        for line in program.ready { SimulatorProcess.say(line, on: .error) }
        if !ignoreSigterm { try await SimulatorProcess.end(program.ending, of: engine) }
        try await SimulatorProcess.rest()
    }

    private func serve(_ script: SimulatorScript, host: String, port: Int) async throws {
        var script = script
        if loadMilliseconds > 0 { script.loading = true }
        if bindLate { try await Task.sleep(for: .milliseconds(loadMilliseconds)) }
        let engine = try await SimulatedEngine.start(
            script,
            host: host,
            port: port,
            threads: threads,
            onExit: { [exitCode] in SimulatorProcess.end(exitCode) }
        )
        SimulatorProcess.say("listening on \(host):\(engine.port)", on: .output)
        if loadMilliseconds > 0 {
            if !bindLate { try await Task.sleep(for: .milliseconds(loadMilliseconds)) }
            try await engine.update { $0.loading = false }
            SimulatorProcess.say("main: model loaded", on: .error)
        }
        try await SimulatorProcess.rest()
    }
}
