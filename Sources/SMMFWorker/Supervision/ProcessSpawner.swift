// SPDX-License-Identifier: MIT

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Starts processes for a supervisor: really, or as a test scripts it.
protocol ProcessSpawner: Sendable {
    /// Starts a command; `onOutput` gets its lines in order and must not wait.
    func spawn(
        _ command: ProcessCommand,
        onOutput: @escaping @Sendable ([String]) -> Void
    ) async throws(SpawnFailure) -> any SpawnedProcess
}

/// A process that a ``ProcessSpawner`` started.
protocol SpawnedProcess: Sendable {
    var processID: Int32 { get }
    /// Asks it to end, by force after `grace`.
    func stop(grace: Duration)
    /// Gives up on its guard: whatever can be killed is killed, and ``end()`` returns.
    func abandon()
    /// Waits until nothing of it is left.
    func end() async -> ProcessEnd
    /// Processor time that it and its children have used, in any unit that grows; nil when unknown.
    func processorTime() -> UInt64?
    /// Bytes of memory that it and its children hold; nil when unknown.
    func memory() -> Int?
    /// The numbers of it and its children.
    func family() -> Set<Int32>
}

/// Starts real processes under their guard.
struct GuardedSpawner: ProcessSpawner {
    let guardProgram: [String]

    func spawn(
        _ command: ProcessCommand,
        onOutput: @escaping @Sendable ([String]) -> Void
    ) async throws(SpawnFailure) -> any SpawnedProcess {
        try await EngineProcess.spawn(command, guardProgram: guardProgram, onOutput: onOutput)
    }
}

extension EngineProcess: SpawnedProcess {
    func abandon() {
        #if canImport(Glibc)
        _ = Glibc.kill(guardID, SIGKILL)
        #elseif canImport(Musl)
        _ = Musl.kill(guardID, SIGKILL)
        #else
        _ = Darwin.kill(guardID, SIGKILL)
        #endif
    }

    func processorTime() -> UInt64? {
        let ticks = ProcessTable.current().ticks(under: guardID)
        return ticks == 0 ? nil : ticks
    }

    func memory() -> Int? {
        let bytes = ProcessTable.current().memory(under: guardID)
        return bytes == 0 ? nil : bytes
    }

    func family() -> Set<Int32> { ProcessTable.current().family(under: guardID) }
}
