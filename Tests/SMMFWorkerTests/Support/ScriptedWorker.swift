// SPDX-License-Identifier: MIT

import Logging
import SMMFCore
import SMMFEngines
import SMMFTesting

@testable import SMMFWorker

/// A supervisor in a world of scripts, on a clock that the test moves.
struct ScriptedWorker {
    let clock = ManualClock()
    let registry = RecordingRegistry()
    let probe = ScriptedProbe()
    let spawner: ScriptedSpawner
    let supervisor: Supervisor
    let folder: TemporaryFolder

    /// `programs` are engines' programs by the engines' names.
    init(
        spawner: ScriptedSpawner = ScriptedSpawner(),
        settings: SupervisorSettings = SupervisorSettings(),
        programs: [String: String] = [:],
        devices: ScriptedDevices = ScriptedDevices()
    ) throws {
        self.spawner = spawner
        folder = try TemporaryFolder()
        let parts = SupervisorParts(
            id: WorkerID("scripted-\(folder.path)"),
            data: folder.path,
            engines: [OpenAICompatibleEngine(), LlamaCppEngine(), VLLMEngine(accelerator: .nvidia)],
            locator: EngineLocator(data: folder.path, overrides: programs, searchPath: ""),
            registry: registry,
            probe: probe,
            clock: clock,
            timeOfDay: { Timestamp(milliseconds: 1) },
            settings: settings,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            machine: MachineFacts(cores: [0, 1], memory: 8 << 30),
            devices: devices,
            groups: { _ in nil }
        )
        supervisor = Supervisor(parts, spawner: spawner)
    }

    /// An order for a model on the engine openai-compatible.
    static func order(_ id: String = "m-1", engine: String = "openai-compatible") throws -> InstanceAssignment {
        InstanceAssignment(
            id: InstanceID(id),
            model: try ModelName("m"),
            kind: .language,
            spec: EngineSpec(
                engine: engine,
                source: "file",
                arguments: ["/bin/engine", "{port}", "{name}", "{instance}"]
            ),
            generation: 3
        )
    }

    /// Starts an instance and waits until it is ready.
    func startReady(_ id: String = "m-1") async throws -> ScriptedProcess {
        try await supervisor.assign(Self.order(id))
        let process = try await spawner.next()
        await registry.next(.ready)
        return process
    }

    /// Waits until so many tasks sleep on the clock, which is when nothing else happens; then changes the world and
    /// moves the clock on.
    func advance(by duration: Duration, sleepers: Int, _ change: () -> Void = {}) async throws {
        try await clock.waitForSleepers(sleepers)
        change()
        clock.advance(by: duration)
    }
}
