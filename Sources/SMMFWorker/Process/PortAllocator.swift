// SPDX-License-Identifier: MIT

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Picks free ports on the loopback address.
///
/// A port is free when the system hands it out for a moment; as the engine opens it only later, the same port is
/// not given to anybody else in the meantime.
public final class PortAllocator: Sendable {
    private let uptime: @Sendable () -> Duration
    private let holdTime: Duration
    private let pick: @Sendable () -> Int?
    private let given = Mutex<[Int: Duration]>([:])

    /// How often the system is asked before giving up.
    private static let attempts = 64

    /// Creates an allocator that does not give out a port twice within `holdTime`.
    public convenience init(clock: any Clock<Duration>, holdTime: Duration = .seconds(60)) {
        self.init(clock: clock, holdTime: holdTime, pick: Self.pickFromSystem)
    }

    init(clock: any Clock<Duration>, holdTime: Duration, pick: @escaping @Sendable () -> Int?) {
        self.uptime = Uptime.reader(of: clock)
        self.holdTime = holdTime
        self.pick = pick
    }

    /// A free port, or nil when the system has none to give.
    public func next() -> Int? {
        given.withLock { given in
            let now = uptime()
            given = given.filter { now - $0.value < holdTime }
            for _ in 0..<Self.attempts {
                guard let port = pick() else { return nil }
                if given[port] == nil {
                    given[port] = now
                    return port
                }
            }
            return nil
        }
    }

    private static func pickFromSystem() -> Int? {
        #if canImport(Glibc)
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #elseif canImport(Musl)
        let socket = Musl.socket(AF_INET, SOCK_STREAM, 0)
        #else
        let socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard socket >= 0 else { return nil }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(socket, generic, length) == 0 && getsockname(socket, generic, &length) == 0
            }
        }
        return isBound ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }
}
