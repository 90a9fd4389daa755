// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Ports of 127.0.0.1 on which a server can listen that is started a moment later.
///
/// The system's own choice for port 0 comes from the range that it also gives to outgoing connections. On a busy machine
/// one of those takes the port before the server does, or a client that calls it meanwhile is connected to itself. So
/// ports are taken at random from outside that range.
public enum LoopbackPort {
    /// A port that nobody has now, or nil when 64 in a row were taken.
    public static func pick() -> Int? {
        for _ in 0..<64 {
            if let port = candidates.randomElement(), isFree(port) { return port }
        }
        return nil
    }

    /// Whether a server could listen on `port` now.
    public static func isFree(_ port: Int) -> Bool {
        #if canImport(Glibc)
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #elseif canImport(Musl)
        let socket = Musl.socket(AF_INET, SOCK_STREAM, 0)
        #else
        let socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard socket >= 0 else { return false }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) == 0 }
        }
    }

    static let candidates = candidates(outside: outgoing())

    /// The wider side of the outgoing range, without ports that well-known services use.
    static func candidates(outside outgoing: ClosedRange<Int>) -> Range<Int> {
        let below = 10_000..<max(10_000, outgoing.lowerBound)
        let above = min(outgoing.upperBound + 1, 65_536)..<65_536
        let wider = below.count >= above.count ? below : above
        // Where outgoing connections may have nearly everything, there is no better place.
        return wider.count >= 1_000 ? wider : 10_000..<65_536
    }

    private static func outgoing() -> ClosedRange<Int> {
        let data = FileManager.default.contents(atPath: "/proc/sys/net/ipv4/ip_local_port_range")
        let numbers = data.map { String(decoding: $0, as: UTF8.self).split(whereSeparator: \.isWhitespace) } ?? []
        let bounds = numbers.compactMap { Int($0) }
        // Without the file, the range that IANA sets aside.
        guard bounds.count == 2, bounds[0] <= bounds[1] else { return 49_152...65_535 }
        return bounds[0]...bounds[1]
    }
}
