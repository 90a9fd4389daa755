// SPDX-License-Identifier: MIT

import SMMFTesting
import UnixSignals

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What the simulated engine does as a process.
enum SimulatorProcess {
    enum Stream: Int32 {
        case output = 1
        case error = 2
    }

    struct CannotSpawn: Error, CustomStringConvertible {
        let description: String
    }

    /// How long a child that nobody kills stays, in seconds.
    private static let longestLinger: UInt32 = 600

    /// Writes a line at once, past any buffer, so that a process that dies next has said it.
    static func say(_ line: String, on stream: Stream) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(stream.rawValue, $0.baseAddress, $0.count) }
    }

    /// Lets others work until a signal or a fault ends the process.
    static func rest() async throws { while true { try await Task.sleep(for: .seconds(86_400)) } }

    /// Ends the process without any cleaning up, as a crash does.
    static func end(_ code: Int32) -> Never {
        _exit(code)
    }

    /// Waits for SIGTERM and ends the process in an engine's way.
    static func end(_ ending: SimulatedProgram.Ending, of engine: SimulatedEngine) async throws {
        for await _ in await UnixSignalsSequence(trapping: .sigterm) {
            switch ending {
            case .atOnce(let code): end(code)
            case .drained(let code):
                try await engine.drain()
                if let code { end(code) }
                end(bySignal: SIGTERM)
            }
        }
    }

    /// Ends the process by a signal, whatever was done with it before.
    static func end(bySignal number: Int32) -> Never {
        signal(number, SIG_DFL)
        kill(getpid(), number)
        // The signal may be delivered a moment later.
        while true { pause() }
    }

    static func ignoreTermination() {
        signal(SIGTERM, SIG_IGN)
    }

    /// Allows as many connections as the system lets this process have: the usual soft limit is 1,024.
    static func raiseFileLimit() {
        #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
    }

    /// Stays until it is killed, though not for ever.
    static func linger() -> Never {
        alarm(longestLinger)
        while true { pause() }
    }

    /// Starts this program again as a child that only lingers, with this one's streams, environment and ignored signals.
    static func startChild(inOwnSession: Bool) throws -> pid_t {
        var attributes = attributesStorage()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        if inOwnSession {
            posix_spawnattr_setflags(&attributes, setsidFlag)
        }
        let executable = executable
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup(executable), strdup("--lingering")]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, executable, nil, &attributes, arguments + [nil], environ)
        guard status == 0 else { throw CannotSpawn(description: "posix_spawn of \(executable): errno \(status)") }
        return pid
    }

    #if canImport(Glibc)
    /// POSIX_SPAWN_SETSID of glibc's spawn.h, which is hidden from Swift.
    private static let setsidFlag: Int16 = 0x80

    private static var executable: String {
        guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
        defer { free(path) }
        return String(cString: path)
    }

    private static func attributesStorage() -> posix_spawnattr_t { posix_spawnattr_t() }
    #else
    private static let setsidFlag = Int16(POSIX_SPAWN_SETSID)

    private static var executable: String { CommandLine.arguments[0] }
    private static func attributesStorage() -> posix_spawnattr_t? { nil }
    #endif
}
