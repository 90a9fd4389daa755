// SPDX-License-Identifier: MIT

import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A simulated engine as a process of its own, in a process group of its own; `smmf-sim --help` lists the arguments.
///
/// It is killed when its owner lets go of it.
public final class SimulatedProcess: Sendable {
    /// How a process ended.
    public enum Exit: Sendable, Hashable {
        /// With this status.
        case code(Int32)
        /// By this signal.
        case signal(Int32)
        /// Somebody else in this process has collected its status.
        case unknown
    }

    /// The process could not be started, or it ended before it listened.
    public struct CannotStart: Error, Sendable, CustomStringConvertible {
        /// The failed call, or all that the process printed.
        public let description: String
    }

    /// Its process id, which is also its group's.
    public let pid: Int32
    private let folder: TemporaryFolder
    private let exit = Mutex<Exit?>(nil)

    private init(pid: Int32, folder: TemporaryFolder) {
        self.pid = pid
        self.folder = folder
    }

    deinit {
        guard check() == nil else { return }
        kill(pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
    }

    /// Starts `smmf-sim` and returns when it listens.
    public static func start(_ arguments: [String] = []) async throws -> SimulatedProcess {
        let process = try launch(arguments)
        try await eventually("smmf-sim prints where it listens, or ends") {
            process.port != nil || process.check() != nil
        }
        guard process.port != nil else { throw CannotStart(description: process.output) }
        return process
    }

    /// Starts `smmf-sim` and returns at once, for processes that will never listen.
    public static func launch(_ arguments: [String]) throws -> SimulatedProcess {
        let path = try BuildFolder.executable("smmf-sim")
        let folder = try TemporaryFolder()
        return SimulatedProcess(pid: try spawn(path, arguments, output: folder.file("output")), folder: folder)
    }

    /// The port it listens on, once it has said so.
    public var port: Int? {
        let line = output.split(separator: "\n").first { $0.hasPrefix("listening on ") }
        return line?.split(separator: ":").last.flatMap { Int($0) }
    }

    /// All that it and its children have printed on stdout and stderr.
    public var output: String {
        (try? String(contentsOfFile: folder.file("output"), encoding: .utf8)) ?? ""
    }

    /// The number behind `word` in its output, such as the process id in `orphan 123`.
    public func number(after word: String) -> Int32? {
        let line = output.split(separator: "\n").first { $0.hasPrefix(word + " ") }
        return line.flatMap { Int32($0.dropFirst(word.count + 1)) }
    }

    /// Whether it still runs.
    public var isRunning: Bool { check() == nil }

    /// Sends a signal to it, or to its whole group.
    public func send(_ signal: Int32, toGroup: Bool = false) {
        kill(toGroup ? -pid : pid, signal)
    }

    /// Returns how it ended; throws ``NotInTime`` when it does not end.
    public func waitForExit() async throws -> Exit {
        try await eventually("process \(pid) ends") { check() != nil }
        return check() ?? .unknown
    }

    /// How it ended, when it has.
    private func check() -> Exit? {
        exit.withLock { exit in
            if let exit { return exit }
            var status: Int32 = 0
            switch waitpid(pid, &status, WNOHANG) {
            case pid: exit = status & 0x7F == 0 ? .code((status >> 8) & 0xFF) : .signal(status & 0x7F)
            case -1: exit = .unknown
            default: return nil
            }
            return exit
        }
    }

    /// Descriptors from here on are taken to be unused by the tests; closing one that is not open does no harm.
    private static let inheritedLimit: Int32 = 2_048

    private static func spawn(_ path: String, _ arguments: [String], output: String) throws(CannotStart) -> Int32 {
        #if canImport(Glibc)
        var files = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #else
        var files: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&files, 1, 2)
        // SwiftNIO's sockets are not close-on-exec: a child that inherits one keeps the port of a stopped engine open.
        for descriptor in 3..<inheritedLimit { posix_spawn_file_actions_addclose(&files, descriptor) }
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        let words = ([path] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, path, &files, &attributes, words + [nil], environ)
        guard status == 0 else { throw CannotStart(description: "posix_spawn of \(path): errno \(status)") }
        return pid
    }
}
