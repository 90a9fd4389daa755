// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The start of a simulated engine under its own command line.
struct EngineStart {
    let dialect: SimulatorDialect
    let program: SimulatedProgram
    let arguments: [String]

    private var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// Runs the client that the arguments name and ends; returns where they start the server.
    func runClient() async throws {
        guard let client = program.client(arguments) else { return }
        let (host, port) = program.address(environment: environment)
        let call = SimulatedClient(arguments: Array(arguments.dropFirst()), host: host, port: port) {
            SimulatorProcess.say($0, on: .error)
        }
        SimulatorProcess.end(await client(call))
    }

    /// Reads the command line and loads; ends the process where the engine would.
    func launch(
        _ script: SimulatorScript,
        failing cause: String?,
        loading: Duration
    ) async throws -> SimulatedLaunch {
        var launch: SimulatedLaunch
        do throws(SimulatedProgram.Refusal) {
            launch = try program.launch(arguments, environment: environment, script: script)
        } catch {
            for line in error.lines { SimulatorProcess.say(line, on: .error) }
            SimulatorProcess.end(error.exitCode)
        }
        launch.script.dialect = dialect
        for line in program.loading {
            SimulatorProcess.say(line, on: .error)
            try await Task.sleep(for: loading / program.loading.count)
        }
        if let cause { try fail(cause) }
        let isMissing = launch.source.hasPrefix("/") && !FileManager.default.fileExists(atPath: launch.source)
        if isMissing { try fail("file_missing") }
        return launch
    }

    /// Opens the port, or fails as the engine does on one that is in use.
    func listen(
        _ launch: SimulatedLaunch,
        threads: Int,
        onExit: @escaping @Sendable () -> Void
    ) async throws -> SimulatedEngine {
        do {
            return try await SimulatedEngine.start(
                launch.script,
                host: launch.host,
                port: launch.port,
                threads: threads,
                onExit: onExit
            )
        } catch {
            try fail("port_in_use")
        }
    }

    /// Prints what the engine prints for a cause, of which `CAUSE:1` is the second text, and ends as it does.
    private func fail(_ cause: String) throws -> Never {
        let parts = cause.split(separator: ":")
        let texts = program.failures.filter { $0.kind.rawValue == String(parts.first ?? "") }
        let index = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        guard texts.indices.contains(index) else {
            let causes = Set(program.failures.map(\.kind.rawValue)).sorted().joined(separator: ", ")
            SimulatorProcess.say("\(dialect.rawValue) has no text for \(cause); it has some for \(causes)", on: .error)
            SimulatorProcess.end(64)
        }
        for line in texts[index].lines { SimulatorProcess.say(line, on: .error) }
        if let number = texts[index].signal { SimulatorProcess.end(bySignal: number) }
        SimulatorProcess.end(texts[index].exitCode)
    }
}
