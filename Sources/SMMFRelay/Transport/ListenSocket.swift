// SPDX-License-Identifier: MIT

import NIOCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// What listening sockets share, whatever the transport.
enum ListenSocket {
    /// Connections that may wait to be accepted; the system may have a lower limit of its own.
    static let backlog: Int32 = 4096

    /// Throws where another program listens on this port.
    ///
    /// Each loop has a listener of its own on the same port, which the system allows to any process of this user, so this
    /// must be asked for. The socket is bound and never listens: a connection that came in its moment would be reset.
    static func requireFree(_ host: String, _ port: Int) throws {
        guard port != 0 else { return }
        let address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        #if canImport(Glibc)
        let kind = Int32(SOCK_STREAM.rawValue)
        #else
        let kind = SOCK_STREAM
        #endif
        let descriptor = try SystemCallError.check("socket", socket(CInt(address.protocol.rawValue), kind, 0))
        defer { close(descriptor) }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        _ = try SystemCallError.check("bind", address.withSockAddr { bind(descriptor, $0, socklen_t($1)) })
    }

    /// Whether `error` says that somebody has the port.
    static func isTaken(_ error: any Error) -> Bool {
        (error as? SystemCallError)?.number == EADDRINUSE || (error as? IOError)?.errnoCode == EADDRINUSE
    }
}
