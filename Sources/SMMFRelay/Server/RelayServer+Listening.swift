// SPDX-License-Identifier: MIT

import Logging
import NIOCore
import NIOSSL
public import SMMFCore
import SMMFRouting
import Synchronization

extension RelayServer {
    /// Listens, and returns the address; a port of 0 in the configuration is replaced by the one taken.
    ///
    /// Throws ``SMMFError`` when the address cannot be listened on, or a file of the TLS settings cannot be used.
    public func start() async throws(SMMFError) -> (host: String, port: Int) {
        let configuration = settings.configuration
        try UpstreamSecurity.check(configuration.upstreamTLS)
        let certificate = configuration.tls.map { ListenerCertificate(files: $0, logger: settings.logger) }
        let security = try certificate?.load()
        var port = configuration.port
        do {
            let unix = try configuration.socket.map { try UnixListener($0) }
            if unix == nil { try ListenSocket.requireFree(configuration.host, port) }
            state.withLock { $0.unix = unix }
            for index in 0..<settings.loopCount {
                let handle = try addLoop(security)
                if let unix {
                    // SwiftNIO takes it for a fault of the system when another loop has been quicker to accept.
                    if index > 0, handle.driver is NIODriver { continue }
                    try await handle.driver.listen(on: try unix.share()) { ClientConnection(handle.loop) }
                } else {
                    port = try await handle.driver.listen(host: configuration.host, port: port) {
                        ClientConnection(handle.loop)
                    }
                }
            }
        } catch {
            await drain(deadline: .zero)
            throw Self.explain(error, configuration, port)
        }
        if let certificate { reload(certificate) }
        return (configuration.host, port)
    }

    private func addLoop(_ security: NIOSSLContext?) throws -> LoopHandle {
        let handle = LoopHandle(RelayLoop(try makeDriver(), settings))
        if security != nil { (handle.driver as? NIODriver)?.secure { SecureFront(handle.loop) } }
        let (table, keys, upstream) = state.withLock { state in
            state.loops.append(handle)
            return (state.table, state.keys, state.upstreamSecurity)
        }
        handle.post { loop in
            loop.listenerSecurity = security
            loop.upstreamSecurity = upstream
            loop.publish(table, keys)
            loop.driver.startTicking(every: Self.sweepInterval) { loop.sweep() }
        }
        return handle
    }

    private func makeDriver() throws -> any LoopDriver {
        let configuration = settings.configuration
        #if os(Linux)
        // Only SwiftNIO's loops speak TLS with clients.
        if configuration.transport == .automatic, configuration.tls == nil {
            return try EpollDriver(highWater: configuration.writeHighWater)
        }
        #endif
        return NIODriver(highWater: configuration.writeHighWater)
    }

    private func reload(_ certificate: ListenerCertificate) {
        let loops = state.withLock(\.loops)
        let task = Task {
            await certificate.watch { context in
                for handle in loops { _ = await handle.run { $0.listenerSecurity = context } }
            }
        }
        state.withLock { $0.reloading = task }
    }

    private static func explain(_ error: any Error, _ configuration: RelayConfiguration, _ port: Int) -> SMMFError {
        let place = configuration.socket.map { "unix:\($0)" } ?? "\(configuration.host):\(port)"
        let isSocketTaken = if case .taken? = error as? UnixListener.Trouble { true } else { false }
        let isTaken = ListenSocket.isTaken(error) || isSocketTaken
        let why = ListenSocket.isTaken(error) ? "the port is taken" : "\(error)"
        return SMMFError(
            isTaken ? .conflict : .configuration,
            "Cannot listen on \(place): \(why).",
            field: "server.api",
            nextStep: "Stop the program that listens there, or set another address."
        )
    }
}

extension RoutingTable {
    /// Whether an instance is connected to with TLS.
    var hasTLS: Bool {
        sorted.lazy.flatMap(\.groups).flatMap(\.instances).contains { $0.endpoint.isTLS }
    }
}
