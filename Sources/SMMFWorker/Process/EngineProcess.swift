// SPDX-License-Identifier: MIT

import Subprocess

#if canImport(System)
import System
#else
import SystemPackage
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A running engine under its guard: see `CSMMFGuard.h` for what the guard promises.
///
/// The process lives until it ends by itself or is asked to, whether or not anybody holds this value.
public struct EngineProcess: Sendable {
    /// The engine's own process.
    public let processID: Int32
    /// The guard's process, the engine's parent.
    public let guardID: Int32

    private let requests: AsyncStream<GuardRequest>.Continuation
    private let ending: Task<ProcessEnd, Never>

    /// Starts a command under `guardProgram` (the smmf program and `__guard`) and returns when it runs.
    ///
    /// `onOutput` gets the lines of its output and errors in order, on the reading task: it must not wait. `grace` is how
    /// long what the engine leaves behind may take to end, when it ended by itself and nobody is there to say.
    public static func spawn(
        _ command: ProcessCommand,
        guardProgram: [String],
        grace: Duration = .seconds(10),
        onOutput: @escaping @Sendable ([String]) -> Void
    ) async throws(SpawnFailure) -> EngineProcess {
        guard let program = guardProgram.first, !command.arguments.isEmpty else {
            throw .guardProgram("no program is named")
        }
        Self.ignoreBrokenPipes
        let (requests, requester) = AsyncStream.makeStream(of: GuardRequest.self, bufferingPolicy: .bufferingNewest(8))
        let (reports, reporter) = AsyncStream.makeStream(of: GuardReport.self, bufferingPolicy: .bufferingOldest(1))
        let guardArguments =
            guardProgram.dropFirst() + ["--grace-ms", String(milliseconds(grace))] + command.limits.guardArguments
            + ["--"] + command.arguments
        var options = PlatformOptions()
        // The terminal's interrupt is for SMMF alone, which then ends its engines in order.
        options.createSession = true
        let configuration = Configuration(
            executable: .path(FilePath(program)),
            arguments: Arguments(Array(guardArguments)),
            environment: command.subprocessEnvironment,
            workingDirectory: command.workingFolder.map { FilePath($0) },
            platformOptions: options
        )
        let session = GuardSession(requests: requests, requester: requester, reporter: reporter, onOutput: onOutput)
        let ending = Task { await session.run(configuration) }
        var first: GuardReport?
        for await report in reports {
            first = report
            break
        }
        switch first {
        case .started(let engine, let guardID):
            return EngineProcess(processID: engine, guardID: guardID, requests: requester, ending: ending)
        case .failed(let failure):
            _ = await ending.value
            throw failure
        case nil:
            requester.yield(.kill)
            throw .guardProgram("it ended, or its caller was cancelled, before the program ran")
        }
    }

    /// Asks the engine to end, and after `grace` makes everything of it end. Returns at once: see ``end()``.
    public func stop(grace: Duration) {
        requests.yield(.stop(milliseconds: Self.milliseconds(grace)))
    }

    /// Makes everything of the engine end now.
    public func kill() {
        requests.yield(.kill)
    }

    /// Waits until the guard has gone, which is when nothing of the engine is left, and its output has been read.
    public func end() async -> ProcessEnd {
        await ending.value
    }

    /// A duration as the guard takes it: from nothing to one hour.
    private static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        guard seconds < 3600 else { return 3_600_000 }
        return max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    /// A guard that died between two looks must be an error of one write, not the end of SMMF.
    private static let ignoreBrokenPipes: Void = {
        signal(SIGPIPE, SIG_IGN)
    }()
}
