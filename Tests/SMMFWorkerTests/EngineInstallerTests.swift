// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFEngines
import SMMFTesting
import Synchronization
import Testing

@testable import SMMFWorker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Installations with a Python that a script plays, under real guards.
@Suite("Installing an engine", .timeLimit(.minutes(1)))
struct EngineInstallerTests {
    let folder: TemporaryFolder
    let engine = LlamaCppEngine()
    let locator: EngineLocator

    init() throws {
        folder = try TemporaryFolder()
        locator = EngineLocator(data: folder.file("data"), searchPath: folder.file("bin"))
    }

    private var environment: EngineEnvironment { locator.environments.environment(of: engine) }

    /// Puts a `python3` on PATH; `pip` is what it does for `-m pip`, `check` for the look at its modules.
    private func python(pip: String = "echo collecting; exit 0", check: String = "exit 0") throws {
        let script = """
            #!/bin/sh
            case "$1 $2" in
            "-c "*) \(check) ;;
            "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
            "-m pip") echo "$@" > "$(dirname "$0")/arguments"; \(pip) ;;
            esac
            """
        makeExecutable(try folder.write(script, to: "bin/python3"))
    }

    private func install(again: Bool = false) async throws -> [EngineInstaller.Event] {
        let events = Mutex<[EngineInstaller.Event]>([])
        let installer = EngineInstaller(locator: locator, guardProgram: try GuardProgram.command)
        _ = try await installer.install(engine, again: again) { event in events.withLock { $0.append(event) } }
        return events.withLock { $0 }
    }

    @Test("It makes an environment with exact versions and our files, and tells the steps")
    func whole() async throws {
        try python()
        let events = try await install()
        #expect(
            events == [
                .step("making a Python environment in \(environment.path)"),
                .step("installing xllamacpp==\(engine.distribution.version)"),
                .output("collecting"),
            ]
        )
        #expect(locator.program(for: engine) == .environment(environment.path))
        let arguments = try String(contentsOfFile: "\(environment.path)/bin/arguments", encoding: .utf8)
        let pins = "\(environment.path)/requirements.txt"
        #expect(arguments.hasSuffix(" --require-hashes --no-deps --only-binary :all: -r \(pins)\n"))
        #expect(try String(contentsOfFile: pins, encoding: .utf8) == engine.distribution.pins)
        #expect(FileManager.default.fileExists(atPath: "\(environment.path)/llamacpp_launcher.py"))
        #expect(try await install().isEmpty, "what is installed is not installed again")
        #expect(try await install(again: true).count == 3)
    }

    @Test("A version of the caller's is not pinned, is used from then on, and is left by installing without one")
    func version() async throws {
        try python()
        let installer = EngineInstaller(locator: locator, guardProgram: try GuardProgram.command)
        _ = try await installer.install(engine) { _ in }
        let other = try await installer.install(engine, version: "2027.1.2") { _ in }
        #expect(other.version == "2027.1.2" && !other.isPinned && environment == other)
        let arguments = try String(contentsOfFile: "\(other.path)/bin/arguments", encoding: .utf8)
        #expect(arguments.hasSuffix(" off xllamacpp==2027.1.2\n"))
        #expect(FileManager.default.fileExists(atPath: "\(other.path)/llamacpp_launcher.py"))
        _ = try await installer.install(engine) { _ in }
        #expect(environment.version == engine.distribution.version)
        try FileManager.default.removeItem(atPath: other.path)
        try locator.environments.choose("2027.1.2", of: engine)
        #expect(environment.version == engine.distribution.version, "what is not whole is not run from")
        for bad in ["", "../x", "1 2", "latest", "1;x"] {
            let error = await #expect(throws: SMMFError.self) {
                try await installer.install(engine, version: bad) { _ in }
            }
            #expect(error?.field == "--version")
        }
    }

    @Test("uv is used where it is on PATH, and needs no Python there")
    func uv() async throws {
        let script = """
            #!/bin/sh
            echo "$@" >> "$(dirname "$0")/calls"
            case "$1" in
            venv) for last; do :; done; mkdir -p "$last/bin" ;;
            esac
            """
        makeExecutable(try folder.write(script, to: "bin/uv"))
        _ = try await install()
        let calls = try String(contentsOfFile: folder.file("bin/calls"), encoding: .utf8).split(separator: "\n")
        #expect(calls.count == 2 && calls[0].hasPrefix("venv ") && calls[0].contains("--python >=3.10"))
        #expect(calls[1].hasPrefix("pip install ") && calls[1].contains("--require-hashes"))
        #expect(environment.isComplete)
    }

    @Test(
        "Each way to fail says what to do, and leaves nothing behind",
        arguments: [
            ("echo 'ERROR: [Errno 28] No space left on device'; exit 1", "disk is full"),
            (
                "echo 'Temporary failure in name resolution'; echo 'ERROR: No matching distribution found'; exit 1",
                "PyPI cannot"
            ),
            ("echo 'ERROR: No matching distribution found for xllamacpp'; exit 1", "no build"),
            ("echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.'; exit 1", "not the one"),
            ("echo 'ERROR: something new'; echo after; exit 3", "ERROR: something new"),
            ("kill -9 $$", "failed"),
        ]
    )
    func failures(pip: String, words: String) async throws {
        try python(pip: pip)
        let error = await #expect(throws: SMMFError.self) { try await install() }
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
        #expect(error?.nextStep?.isEmpty == false)
        #expect(!FileManager.default.fileExists(atPath: environment.path))
        try python()
        _ = try await install()
        #expect(environment.isComplete)
    }

    @Test("What is missing on the machine is named with the command that installs it")
    func missing() async throws {
        let none = await #expect(throws: SMMFError.self) { try await install() }
        #expect(none?.nextStep == "Run `apt-get install -y python3 python3-venv`.")
        try python(check: "echo \"No module named 'ensurepip'\"; exit 1")
        let noVenv = await #expect(throws: SMMFError.self) { try await install() }
        #expect(noVenv?.nextStep == "Run `apt-get install -y python3-venv`.")
        try python(check: "exit 9")
        let old = await #expect(throws: SMMFError.self) { try await install() }
        #expect(old?.message.contains("older than Python 3.10") == true)
    }

    @Test("Two installations at once do not collide, and an interrupted one is begun again")
    func collision() async throws {
        try python(pip: "echo waiting $$; exec sleep 1000")
        let started = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let installer = EngineInstaller(locator: locator, guardProgram: try GuardProgram.command)
        let first = Task {
            try await installer.install(engine) { event in
                if case .output = event { started.continuation.yield() }
            }
        }
        for await _ in started.stream { break }
        let error = await #expect(throws: SMMFError.self) { try await install() }
        #expect(error?.code == .conflict)
        first.cancel()
        await #expect(throws: SMMFError.self) { try await first.value }
        #expect(!environment.isComplete)
        try python()
        _ = try await install()
        #expect(environment.isComplete)
    }

    @Test("An engine that SMMF does not install is refused")
    func notInstallable() async throws {
        let installer = EngineInstaller(locator: locator, guardProgram: try GuardProgram.command)
        let error = await #expect(throws: SMMFError.self) {
            try await installer.install(OpenAICompatibleEngine()) { _ in }
        }
        #expect(error?.code == .invalidRequest)
    }
}
