// SPDX-License-Identifier: MIT

public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Installs engines into Python environments of their own, with `uv` where it is on PATH, else with `python3 -m venv` and
/// `pip`: pinned sets by the digests of their files, others with exact versions of what they begin with.
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

    /// What environments are made with.
    private enum Tool {
        case uv(String)
        case python(String)
    }

    /// Installs an engine, or with `again` replaces its installation; returns at once where it is installed already.
    ///
    /// With `version` it is that one, with the packages that it asks for today, and the engine runs from it from then on.
    /// Throws ``SMMFError`` that says what is missing on this machine and how to get it. Cancelling ends it.
    public func install(
        _ engine: any Engine,
        version: String? = nil,
        again: Bool = false,
        onEvent: @escaping @Sendable (Event) -> Void
    ) async throws(SMMFError) -> EngineEnvironment {
        guard engine.distribution.isInstallable else {
            throw SMMFError(.invalidRequest, "SMMF does not install the engine \(engine.name).", field: "engine")
        }
        let environment = try locator.environments.environment(of: engine, version: version)
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
            try filing(environment.path) {
                try environment.writeFiles()
                try locator.environments.choose(version, of: engine)
            }
            return environment
        }
        let tool = try await requireTool(for: environment)
        // An earlier installer may have been killed a moment ago, and its pip still be at work in the same folder.
        _ = await LeftoverSweep(worker: Self.marker(environment), clock: clock).end()
        try filing(environment.path) { try environment.remove() }
        do throws(SMMFError) {
            try await build(environment, with: tool, onEvent: onEvent)
        } catch {
            try? environment.remove()
            throw error
        }
        try filing(folder) { try locator.environments.choose(version, of: engine) }
        return environment
    }

    private func build(
        _ environment: EngineEnvironment,
        with tool: Tool,
        onEvent: @escaping @Sendable (Event) -> Void
    ) async throws(SMMFError) {
        onEvent(.step("making a Python environment in \(environment.path)"))
        var install: [String]
        switch tool {
        case .uv(let uv):
            let python = ["--python", ">=3.\(environment.oldestPython)"]
            try await run(
                [uv, "venv", "--no-progress"] + python + [environment.path],
                in: environment,
                onEvent: onEvent
            )
            install = [uv] + Self.uvInstall + [environment.python]
        case .python(let python):
            try await run([python, "-m", "venv", environment.path], in: environment, onEvent: onEvent)
            install = [environment.python] + Self.pipInstall
        }
        onEvent(.step("installing \(environment.packages.joined(separator: ", "))"))
        let distribution = environment.distribution
        if environment.isPinned {
            var pins = ""
            try filing(environment.path) { pins = try environment.writePins() }
            // The set is whole, so nothing is looked for besides it, and nothing of it is built here.
            let strictly = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", pins]
            try await run(install + strictly, in: environment, onEvent: onEvent)
        } else if distribution.overrides.isEmpty {
            try await run(install + environment.packages, in: environment, onEvent: onEvent)
        } else {
            var overrides = ""
            try filing(environment.path) { overrides = try environment.writeOverrides() }
            if case .python = tool {
                // Only uv can put requirements aside that a package states wrongly for this machine.
                try await run(install + [Self.uv], in: environment, onEvent: onEvent)
                install = ["\(environment.path)/bin/uv"] + Self.uvInstall + [environment.python]
            }
            try await run(
                install + ["--override", overrides] + environment.packages,
                in: environment,
                onEvent: onEvent
            )
        }
        if !distribution.barePackages.isEmpty {
            onEvent(.step("adding \(distribution.barePackages.joined(separator: ", "))"))
            try await run(install + ["--no-deps"] + distribution.barePackages, in: environment, onEvent: onEvent)
        }
        try filing(environment.path) {
            try environment.writeAliases()
            try environment.writeFiles()
            try environment.markComplete()
        }
    }

    private static let pipInstall = [
        "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off",
    ]
    private static let uvInstall = ["pip", "install", "--no-progress", "--python"]

    /// What this machine makes environments with; throws the commands that install it where it has nothing.
    private func requireTool(for environment: EngineEnvironment) async throws(SMMFError) -> Tool {
        if let uv = locator.find("uv") { return .uv(uv) }
        return .python(try await requirePython(minor: environment.oldestPython))
    }

    /// What keeps environments from being made here; nil when nothing does.
    public func toolProblem() async -> SMMFError? {
        if locator.find("uv") != nil { return nil }
        do {
            _ = try await requirePython(minor: 9)
            return nil
        } catch {
            return error
        }
    }

    /// A Python 3 of this minor version or a newer one; throws the commands that install it where there is none.
    private func requirePython(minor: Int) async throws(SMMFError) -> String {
        guard let usual = locator.find("python3") else {
            throw SMMFError(
                .unavailable,
                "python3 is not on PATH, and engines are installed with it.",
                blame: .gateway,
                nextStep: "Run `apt-get install -y python3 python3-venv`."
            )
        }
        let check = "import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, \(minor)) else 9)"
        let (end, lines) = try await output(of: [usual, "-c", check], marker: [:])
        switch end {
        case .ended(.code(0)): return usual
        case .ended(.code(9)):
            for newer in (minor...(minor + 5)).reversed() {
                guard let python = locator.find("python3.\(newer)") else { continue }
                if try await output(of: [python, "-c", check], marker: [:]).end == .ended(.code(0)) { return python }
            }
            throw SMMFError(
                .unavailable,
                "\(usual) is older than Python 3.\(minor).",
                nextStep: "Install a newer python3, or uv, which brings one."
            )
        default:
            throw SMMFError(
                .unavailable,
                "\(usual) cannot make environments: \(lines.last ?? "it does not run").",
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
