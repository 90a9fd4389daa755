// SPDX-License-Identifier: MIT

import Logging
import SMMFControlHTTP
import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFWorker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A whole worker with real guards and real processes; the engines' programs are simulated ones that read the engines'
/// own command lines.
struct RealWorker {
    /// The variable of a deployment's environment that holds more arguments of the simulated program.
    static let variable = "SIMULATED"

    let folder: TemporaryFolder
    let registry = RecordingRegistry()
    let http: PlainHTTP
    let supervisor: Supervisor
    let id: WorkerID
    private let shared = SharedHTTP()

    /// Makes a worker with these engines, and a program for each dialect that has one.
    init(_ engines: [any Engine], settings: SupervisorSettings = Self.quick) throws {
        folder = try TemporaryFolder()
        id = WorkerID("real-\(folder.path)")
        http = PlainHTTP(http: shared)
        let simulator = try BuildFolder.executable("smmf-sim")
        let programs = folder.file("bin")
        try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
        for dialect in SimulatorDialect.all {
            guard let program = dialect.program else { continue }
            let script = """
                #!/bin/sh
                exec \(simulator) $\(Self.variable) --as \(dialect.rawValue) "$@"
                """
            makeExecutable(try folder.write(script + "\n", to: "bin/\(program.executable)"))
        }
        supervisor = Supervisor(
            id: id,
            data: folder.file("data"),
            guardProgram: try GuardProgram.command,
            engines: engines,
            locator: EngineLocator(data: folder.file("data"), searchPath: programs),
            registry: registry,
            probe: HTTPEngineProbe(http: http),
            settings: settings,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Short waits, as nobody routes here.
    static var quick: SupervisorSettings {
        var settings = SupervisorSettings()
        settings.drainNotice = .milliseconds(50)
        settings.settledWait = .milliseconds(300)
        return settings
    }

    /// Runs a test and ends everything; nothing may be left then, even of a test that fails half-way.
    func run(_ body: () async throws -> Void) async throws {
        var failure: (any Error)?
        do { try await body() } catch { failure = error }
        await supervisor.shutDown()
        #expect(leftovers.isEmpty)
        #expect(try await supervisor.status().instances.isEmpty)
        if let failure { throw failure }
    }

    /// Processes of this worker's instances that are still there.
    var leftovers: [LeftoverSweep.Leftover] { LeftoverSweep(worker: id, clock: ContinuousClock()).find() }

    /// Starts an instance.
    func assign(_ name: String, kind: ModelKind = .language, _ spec: EngineSpec) async throws {
        let assignment = InstanceAssignment(
            id: InstanceID(name),
            model: try ModelName("model"),
            kind: kind,
            spec: spec,
            generation: 1
        )
        try await supervisor.assign(assignment)
    }

    /// The next row of one instance in one of these states.
    func next(_ name: String, _ states: InstanceState...) async throws -> Instance {
        let entry = await registry.next { entry in
            guard case .put(let row) = entry else { return false }
            return row.id == InstanceID(name) && states.contains(row.state)
        }
        guard case .put(let row) = entry else { throw CancellationError() }
        return row
    }

    // MARK: Asking a simulated engine

    /// What the simulated engine has counted.
    func stats(_ endpoint: Endpoint) async throws -> SimulatorStats {
        let answer = try await http.get(endpoint, path: "/sim/stats", timeout: .seconds(10), limit: 1 << 20)
        return try JSONDecoder().decode(SimulatorStats.self, from: Data(answer.body))
    }

    /// Waits for what it has counted.
    func waitForStats(
        _ endpoint: Endpoint,
        _ what: String,
        _ condition: (SimulatorStats) -> Bool
    ) async throws {
        try await eventually("\(what)") { condition(try await stats(endpoint)) }
    }

    /// The answer to a POST, as text; throws unless it is a 200.
    @discardableResult
    func post(_ endpoint: Endpoint, _ path: String, _ body: JSONValue) async throws -> String {
        let answer = try await http.post(endpoint, path: path, json: body, timeout: .seconds(60), limit: 1 << 20)
        let text = String(decoding: answer.body, as: UTF8.self)
        guard answer.status == 200 else { throw SMMFError(.unavailable, "\(path) answers \(answer.status): \(text)") }
        return text
    }
}
