// SPDX-License-Identifier: MIT

import SMMFTesting

@testable import SMMFWorker

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The real program, which the build puts beside the tests.
enum GuardProgram {
    static var path: String {
        get throws { try BuildFolder.executable("smmf") }
    }

    static var command: [String] {
        get throws { [try path, "__guard"] }
    }
}

/// A shell script under a real guard, and what it has printed so far.
struct GuardedScript {
    let process: EngineProcess
    let log: InstanceLog

    /// Runs a script; words of its output are found with ``number(after:)``.
    init(_ script: String, environment: [String: String] = [:], grace: Duration = .milliseconds(200)) async throws {
        let log = InstanceLog(path: "/dev/null")
        self.log = log
        process = try await EngineProcess.spawn(
            ProcessCommand(arguments: ["/bin/sh", "-c", script], environment: environment),
            guardProgram: try GuardProgram.command,
            grace: grace
        ) { log.append($0) }
    }

    var lines: [String] { log.tail(100, after: 0) }

    /// Waits for a line `mark N` and returns the number.
    func number(after mark: String) async throws -> Int32 {
        var found: Int32?
        try await eventually("the script printed \(mark)") {
            found =
                lines.compactMap { line in
                    line.hasPrefix("\(mark) ") ? Int32(line.dropFirst(mark.count + 1)) : nil
                }.first
            return found != nil
        }
        return found ?? 0
    }
}

/// Whether a process runs; one that ended and waits to be collected does not.
func isRunning(_ process: Int32) -> Bool {
    ProcessTable.current().rows[process].map { !$0.isZombie } ?? false
}

/// Waits until a process that nobody awaits is gone.
func expectGone(_ process: Int32, _ what: String) async throws {
    try await eventually("\(what) \(process) is gone", within: .seconds(10)) { !isRunning(process) }
}

/// Sends a signal.
func send(_ signal: Int32, to process: Int32) {
    kill(process, signal)
}

/// Lets a file be run.
func makeExecutable(_ path: String) {
    chmod(path, 0o755)
}
