// SPDX-License-Identifier: MIT

import Synchronization

@testable import SMMFWorker

/// Processes that do what a test says, without a process.
final class ScriptedSpawner: ProcessSpawner {
    private struct State {
        var failures: [SpawnFailure] = []
        var count = 0
    }

    private let state = Mutex(State())
    private let spawned: AsyncStream<ScriptedProcess>
    private let report: AsyncStream<ScriptedProcess>.Continuation
    /// Where a launch stops until the test lets it go on.
    private let gate: (@Sendable () async throws -> Void)?

    init(gate: (@Sendable () async throws -> Void)? = nil) {
        self.gate = gate
        (spawned, report) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
    }

    /// How many processes have been asked for.
    var count: Int { state.withLock { $0.count } }

    /// Makes the next launch fail.
    func failNext(_ failure: SpawnFailure) {
        state.withLock { $0.failures.append(failure) }
    }

    /// The next process that was started.
    func next() async throws -> ScriptedProcess {
        for await process in spawned { return process }
        throw CancellationError()
    }

    func spawn(
        _ command: ProcessCommand,
        onOutput: @escaping @Sendable ([String]) -> Void
    ) async throws(SpawnFailure) -> any SpawnedProcess {
        try? await gate?()
        let (number, failure) = state.withLock { state in
            state.count += 1
            return (state.count, state.failures.isEmpty ? nil : state.failures.removeFirst())
        }
        if let failure { throw failure }
        let process = ScriptedProcess(processID: Int32(number), command: command, print: onOutput)
        report.yield(process)
        return process
    }
}

/// One such process.
final class ScriptedProcess: SpawnedProcess {
    /// What it was asked.
    enum Request: Sendable, Hashable {
        case stop(Duration)
        case abandon
    }

    let processID: Int32
    let command: ProcessCommand
    /// Prints lines.
    let print: @Sendable ([String]) -> Void
    private let ending: AsyncStream<ProcessEnd>
    private let ended: AsyncStream<ProcessEnd>.Continuation
    private let asked: AsyncStream<Request>
    private let ask: AsyncStream<Request>.Continuation
    private let ticks = Mutex<UInt64?>(nil)

    init(processID: Int32, command: ProcessCommand, print: @escaping @Sendable ([String]) -> Void) {
        self.processID = processID
        self.command = command
        self.print = print
        (ending, ended) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
        (asked, ask) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
    }

    /// Ends it.
    func end(_ end: ProcessEnd) {
        ended.yield(end)
    }

    /// What it is asked next.
    func nextRequest() async throws -> Request {
        for await request in asked { return request }
        throw CancellationError()
    }

    /// The processor time that it shows from now on.
    func setProcessorTime(_ time: UInt64?) {
        ticks.withLock { $0 = time }
    }

    func stop(grace: Duration) { ask.yield(.stop(grace)) }

    func abandon() { ask.yield(.abandon) }

    func end() async -> ProcessEnd {
        for await end in ending { return end }
        return .unknown("the test is over")
    }

    func processorTime() -> UInt64? { ticks.withLock { $0 } }

    func memory() -> Int? { nil }

    func family() -> Set<Int32> { [processID] }
}
