// SPDX-License-Identifier: MIT

import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Ports of 127.0.0.1 on which nobody listens.
///
/// Another process may take the port before the caller does, so let a server bind port 0 itself wherever it can, and use
/// this for programs that want a number, or for a number that must refuse connections.
public enum FreePort {
    /// The kernel gave no port.
    public struct NoPort: Error, Sendable, CustomStringConvertible {
        /// The failed call and its error number.
        public let description: String
    }

    private static let given = Mutex<[Int]>([])
    private static let remembered = 512

    /// A free port that this process has not been given lately.
    public static func next() throws(NoPort) -> Int {
        for _ in 0..<64 {
            let port = try ask()
            let isNew = given.withLock { given in
                if given.contains(port) { return false }
                if given.count == remembered { given.removeFirst() }
                given.append(port)
                return true
            }
            if isNew { return port }
        }
        throw NoPort(description: "64 ports in a row had been given to this process already")
    }

    private static func ask() throws(NoPort) -> Int {
        #if canImport(Glibc)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw NoPort(description: "socket: errno \(errno)") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let size = length
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                let bound = bind(descriptor, generic, size)
                return bound == 0 ? getsockname(descriptor, generic, &length) : bound
            }
        }
        guard status == 0 else { throw NoPort(description: "bind to 127.0.0.1: errno \(errno)") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
