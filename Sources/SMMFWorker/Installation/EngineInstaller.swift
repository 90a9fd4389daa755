// SPDX-License-Identifier: MIT

public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Installs engines into Python environments of their own: `python3 -m venv` and `pip` with exact versions.
///
/// An environment counts as installed only when everything is in place, so that an installation which was interrupted,
/// however rudely, is simply begun again.
public struct EngineInstaller: Sendable {
    /// What happens during an installation.
    public enum Event: Sendable, Hashable {
        /// A step begins.
        case step(String)
        /// A line of the present step's output.
        case output(String)
    }

    private static let uv = "uv==0.9.11"

    private let locator: EngineLocator
    private let guardProgram: [String]
    private let clock: any Clock<Duration>

    /// Creates an installer; `guardProgram` is the smmf program and `__guard`.
    public init(locator: EngineLocator, guardProgram: [String], clock: any Clock<Duration> = ContinuousClock()) {
        self.locator = locator
        self.guardProgram = guardProgram
        self.clock = clock
    }

    /// Installs an engine, or with `again` replaces its installation; returns at once where it is installed already.
    ///
    /// Throws ``SMMFError`` that says what is missing on this machine and how to get it. Cancelling ends it.
    public func install(
        _ engine: any Engine,
        again: Bool = false,
        onEvent: @escaping @Sendable (Event) -> Void
    ) async throws(SMMFError) -> EngineEnvironment {
        guard engine.distribution.isInstallable else {
            throw SMMFError(.invalidRequest, "SMMF does not install the engine \(engine.name).", field: "engine")
        }
        let environment = locator.environments.environment(of: engine)
        let folder = "\(locator.environments.path)/\(engine.name)"
        try filing(folder) {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        guard let lock = FileLock(path: "\(folder)/lock") else {
            throw SMMFError(
                .conflict,
                "Another installation of \(engine.name) is at work in \(folder).",
                nextStep: "Wait until it has finished."
            )
        }
        defer { lock.release() }
        if environment.isComplete, !again {
            try filing(environment.path) { try environment.writeFiles() }
            return environment
        }
        let python = try await requirePython()
        // An earlier installer may have been killed a moment ago, and its pip still be at work in the same folder.
        _ = await LeftoverSweep(worker: Self.marker(environment), clock: clock).end()
        try filing(environment.path) { try environment.remove() }
        do throws(SMMFError) {
            try await build(environment, python: python, onEvent: onEvent)
        } catch {
            try? environment.remove()
            throw error
        }
        return environment
    }

    private func build(
        _ environment: EngineEnvironment,
        python: String,
        onEvent: @escaping @Sendable (Event) -> Void
    ) async throws(SMMFError) {
        onEvent(.step("making a Python environment in \(environment.path)"))
        try await run([python, "-m", "venv", environment.path], in: environment, onEvent: onEvent)
        onEvent(.step("installing \(environment.packages.joined(separator: ", "))"))
        let distribution = environment.distribution
        let pip = [environment.python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        let quietly = ["--progress-bar", "off"]
        if distribution.overrides.isEmpty {
            try await run(pip + quietly + environment.packages, in: environment, onEvent: onEvent)
        } else {
            // Only uv can put requirements aside that a package states wrongly for this machine.
            try await run(pip + quietly + [Self.uv], in: environment, onEvent: onEvent)
            var overrides = ""
            try filing(environment.path) { overrides = try environment.writeOverrides() }
            let uv = ["\(environment.path)/bin/uv", "pip", "install", "--no-progress", "--python", environment.python]
            try await run(uv + ["--override", overrides] + environment.packages, in: environment, onEvent: onEvent)
        }
        if !distribution.barePackages.isEmpty {
            onEvent(.step("adding \(distribution.barePackages.joined(separator: ", "))"))
            try await run(pip + quietly + ["--no-deps"] + distribution.barePackages, in: environment, onEvent: onEvent)
        }
        try filing(environment.path) {
            try environment.writeAliases()
            try environment.writeFiles()
            try environment.markComplete()
        }
    }

    /// The Python to make environments with; throws the commands that install it where it is missing.
    public func requirePython() async throws(SMMFError) -> String {
        guard let python = locator.find("python3") else {
            throw SMMFError(
                .unavailable,
                "python3 is not on PATH, and engines are installed with it.",
                blame: .gateway,
                nextStep: "Run `apt-get install -y python3 python3-venv`."
            )
        }
        let check = "import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 9) else 9)"
        let (end, lines) = try await output(of: [python, "-c", check], marker: [:])
        switch end {
        case .ended(.code(0)): return python
        case .ended(.code(9)):
            throw SMMFError(.unavailable, "\(python) is older than Python 3.9.", nextStep: "Install a newer python3.")
        default:
            throw SMMFError(
                .unavailable,
                "\(python) cannot make environments: \(lines.last ?? "it does not run").",
                blame: .gateway,
                nextStep: "Run `apt-get install -y python3-venv`."
            )
        }
    }

    private func run(
        _ arguments: [String],
        in environment: EngineEnvironment,
        onEvent: @escaping @Sendable (Event) -> Void
    ) async throws(SMMFError) {
        let marker = ProcessMarker.environment(worker: Self.marker(environment), instance: InstanceID("install"))
        let (end, lines) = try await output(of: arguments, marker: marker) { onEvent(.output($0)) }
        guard end != .ended(.code(0)) else { return }
        throw InstallationFailure.read(lines, command: arguments)
    }

    /// Runs a command to its end and keeps the last lines of its output.
    private func output(
        of arguments: [String],
        marker: [String: String],
        onLine: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws(SMMFError) -> (end: ProcessEnd, lines: [String]) {
        let log = InstanceLog(path: "/dev/null", ring: LogRing(lineLimit: 200))
        let environment = marker.merging(["PYTHONUNBUFFERED": "1", "PIP_REQUIRE_VIRTUALENV": "0"]) { first, _ in first }
        let command = ProcessCommand(arguments: arguments, environment: environment)
        let process: EngineProcess
        do throws(SpawnFailure) {
            process = try await EngineProcess.spawn(command, guardProgram: guardProgram) { lines in
                log.append(lines)
                for line in lines { onLine(line) }
            }
        } catch {
            throw SMMFError(.internal, "\(arguments[0]) could not be started: \(error).")
        }
        let end = await withTaskCancellationHandler {
            await process.end()
        } onCancel: {
            process.kill()
        }
        if Task.isCancelled { throw SMMFError(.unavailable, "The installation was interrupted.") }
        return (end, log.tail(200, after: 0))
    }

    private func filing(_ path: String, _ body: () throws -> Void) throws(SMMFError) {
        do {
            try body()
        } catch {
            throw SMMFError(
                .storage,
                "\(path) cannot be written: \(error)",
                nextStep: "Check its permissions and the free space."
            )
        }
    }

    /// Under which name the processes of an installation are found again.
    private static func marker(_ environment: EngineEnvironment) -> WorkerID {
        WorkerID("install \(environment.path)")
    }
}
