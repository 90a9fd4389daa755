// SPDX-License-Identifier: MIT

#if os(Linux)
import Glibc
import NIOCore
import NIOPosix

/// The addresses of a host name, asked of the system on a thread that may wait.
enum HostAddresses {
    /// More than this many addresses of one name are not tried.
    private static let limit = 8

    static func resolve(_ host: String, _ port: Int) async throws -> [SocketAddress] {
        if let address = try? SocketAddress(ipAddress: host, port: port) { return [address] }
        return try await NIOThreadPool.singleton.runIfActive { try ask(host, port) }
    }

    private static func ask(_ host: String, _ port: Int) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0 else { throw SystemCallError(call: "getaddrinfo", number: EADDRNOTAVAIL) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next, addresses.count < limit {
            next = entry.pointee.ai_next
            guard let raw = entry.pointee.ai_addr else { continue }
            switch entry.pointee.ai_family {
            case AF_INET:
                addresses.append(
                    raw.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee, host: host) }
                )
            case AF_INET6:
                addresses.append(
                    raw.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { SocketAddress($0.pointee, host: host) }
                )
            default: break
            }
        }
        return addresses
    }
}
#endif
