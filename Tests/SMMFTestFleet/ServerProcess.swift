// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Subprocess
import Synchronization

#if canImport(System)
import System
#else
import SystemPackage
#endif

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One `smmf` process of a test, whose lines are kept.
public final class ServerProcess: Sendable {
    private struct State {
        var processID: Int32 = 0
        var lines: [String] = []
        var hasEnded = false
        var exitCode: Int32?
    }

    private let state: SharedState
    private let task: Task<Void, Never>
    /// The arguments behind the program's name.
    public let arguments: [String]

    /// Starts `program` with `arguments`.
    public init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) {
        self.arguments = arguments
        let state = SharedState()
        self.state = state
        var variables: [Environment.Key: String?] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        let configuration = Configuration(
            executable: .path(FilePath(program)),
            arguments: Arguments(arguments),
            environment: .inherit.updating(variables)
        )
        task = Task { await Self.run(configuration, state) }
    }

    public var processID: Int32 { state.mutex.withLock { $0.processID } }
    public var lines: [String] { state.mutex.withLock { $0.lines } }
    /// The exit code once it has ended by itself; nil before, and when a signal ended it.
    public var exitCode: Int32? { state.mutex.withLock { $0.exitCode } }
    public var hasEnded: Bool { state.mutex.withLock { $0.hasEnded } }

    /// Sends a signal.
    public func send(_ signal: Int32) {
        let id = processID
        if id > 0, !hasEnded { kill(id, signal) }
    }

    /// Waits for the end.
    public func end() async { await task.value }

    /// Waits for a line that starts with `prefix`, spaces aside, and returns the rest.
    public func text(after prefix: String) async throws -> String {
        var found: String?
        try await eventually("the process \(arguments) prints \(prefix); it printed \(lines)") {
            if hasEnded, lines.isEmpty { throw SMMFError(.internal, "it ended without a word") }
            found = lines.lazy.map { $0.drop { $0 == " " } }.first { $0.hasPrefix(prefix) }
                .map { String($0.dropFirst(prefix.count).drop { $0 == " " }) }
            return found != nil
        }
        return found ?? ""
    }

    private final class SharedState: Sendable {
        let mutex = Mutex(State())
    }

    private static func run(_ configuration: Configuration, _ state: SharedState) async {
        do {
            let result = try await Subprocess.run(configuration, input: .none, output: .sequence, error: .sequence) {
                execution in
                let id = Int32(execution.processIdentifier.value)
                state.mutex.withLock { $0.processID = id }
                let output = execution.standardOutput
                let errors = execution.standardError
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await read(output, state) }
                    group.addTask { await read(errors, state) }
                }
            }
            if case .exited(let code) = result.terminationStatus { state.mutex.withLock { $0.exitCode = Int32(code) } }
        } catch {
            state.mutex.withLock { $0.lines.append("\(error)") }
        }
        state.mutex.withLock { $0.hasEnded = true }
    }

    private static func read(_ output: SubprocessOutputSequence, _ state: SharedState) async {
        var pending: [UInt8] = []
        do {
            for try await buffer in output {
                pending += buffer.withUnsafeBytes { Array($0) }
                while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                    let line = String(decoding: pending[..<end], as: UTF8.self)
                    pending.removeFirst(end + 1)
                    state.mutex.withLock { state in
                        state.lines.append(line)
                        if state.lines.count > 10_000 { state.lines.removeFirst(5_000) }
                    }
                }
            }
        } catch {}
    }
}
