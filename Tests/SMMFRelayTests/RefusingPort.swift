// SPDX-License-Identifier: MIT

import NIOCore
import SMMFTesting

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A port that refuses connections for as long as this lives: it is taken, but nobody listens, so that no other test
/// can come to listen there.
final class RefusingPort: Sendable {
    let port: Int
    private let descriptor: Int32

    struct NoPort: Error {}

    init() throws {
        #if canImport(Glibc)
        let type = Int32(SOCK_STREAM.rawValue)
        #else
        let type = SOCK_STREAM
        #endif
        descriptor = socket(AF_INET, type, 0)
        port = try FreePort.next()
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        let result = address.withSockAddr { [descriptor] in bind(descriptor, $0, socklen_t($1)) }
        guard result == 0 else { throw NoPort() }
    }

    deinit { close(descriptor) }
}
