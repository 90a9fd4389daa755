// SPDX-License-Identifier: MIT

import SMMFCore
import Subprocess
import Synchronization

/// What is asked of a guard.
enum GuardRequest: Sendable {
    case stop(milliseconds: Int64)
    case kill

    /// The line that the guard reads.
    var line: String {
        switch self {
        case .stop(let milliseconds): "stop \(milliseconds)\n"
        case .kill: "kill\n"
        }
    }
}

/// What a guard says at the beginning, once.
enum GuardReport: Sendable {
    case started(engine: Int32, guardID: Int32)
    case failed(SpawnFailure)

    /// Reads the guard's line.
    init(_ line: String, guardID: Int32) {
        let words = line.split(separator: " ", maxSplits: 2)
        if words.count == 2, words[0] == "started", let engine = Int32(words[1]) {
            self = .started(engine: engine, guardID: guardID)
        } else if words.count == 3, words[0] == "failed", let number = Int32(words[1]) {
            self = .failed(.program(number: number, text: String(words[2])))
        } else if words.first == "refused", let limit = Self.limit(line) {
            self = .failed(limit)
        } else {
            self = .failed(.guardProgram("it said \"\(line)\""))
        }
    }

    private static func limit(_ line: String) -> SpawnFailure? {
        let words = line.split(separator: " ", maxSplits: 3)
        guard words.count == 4, let number = Int32(words[2]) else { return nil }
        return .limit(option: String(words[1]), number: number, text: String(words[3]))
    }
}

/// The conversation with one guard, from its start to its end.
struct GuardSession: Sendable {
    let requests: AsyncStream<GuardRequest>
    let requester: AsyncStream<GuardRequest>.Continuation
    let reporter: AsyncStream<GuardReport>.Continuation
    let onOutput: @Sendable ([String]) -> Void

    /// What the guard says at its end when the kernel has ended a process for the group's memory limit.
    private static let memoryLine = "memory"

    func run(_ configuration: Configuration) async -> ProcessEnd {
        defer { reporter.finish() }
        let wasShort = Atomic(false)
        do {
            let result = try await Subprocess.run(
                configuration,
                input: .inputWriter,
                output: .sequence,
                error: .sequence
            ) { execution in
                await converse(
                    guardID: Int32(execution.processIdentifier.value),
                    input: execution.standardInputWriter,
                    output: execution.standardOutput,
                    reports: execution.standardError,
                    onMemory: { wasShort.store(true, ordering: .relaxed) }
                )
            }
            switch result.terminationStatus {
            case .exited(let code):
                return ProcessEnd(guardCode: code, wasShortOfMemory: wasShort.load(ordering: .relaxed))
            case .signaled(let signal): return .guardLost(signal: signal)
            }
        } catch {
            reporter.yield(.failed(.guardProgram("\(error)")))
            return .unknown("\(error)")
        }
    }

    private func converse(
        guardID: Int32,
        input: StandardInputWriter,
        output: SubprocessOutputSequence,
        reports: SubprocessOutputSequence,
        onMemory: @escaping @Sendable () -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await readOutput(output) }
            group.addTask {
                await readReports(reports, guardID: guardID, onMemory: onMemory)
                // The guard has closed its own stream, so it has gone: nobody hears a request any more.
                requester.finish()
            }
            group.addTask {
                for await request in requests {
                    _ = try? await input.write(request.line)
                }
            }
        }
    }

    /// An error of reading is the end of the output; how the process ended is told by its status alone.
    private func readOutput(_ output: SubprocessOutputSequence) async {
        var splitter = LineSplitter()
        do {
            for try await buffer in output {
                let lines = buffer.withUnsafeBytes { splitter.take($0) }
                if !lines.isEmpty { onOutput(lines) }
            }
        } catch {}
        if let rest = splitter.finish() { onOutput([rest]) }
    }

    private func readReports(
        _ reports: SubprocessOutputSequence,
        guardID: Int32,
        onMemory: @Sendable () -> Void
    ) async {
        var splitter = LineSplitter()
        do {
            for try await buffer in reports {
                for line in buffer.withUnsafeBytes({ splitter.take($0) }) {
                    if line == Self.memoryLine {
                        onMemory()
                    } else {
                        reporter.yield(GuardReport(line, guardID: guardID))
                    }
                }
            }
        } catch {}
    }
}
