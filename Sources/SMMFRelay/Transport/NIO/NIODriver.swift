// SPDX-License-Identifier: MIT

import NIOCore
import NIOPosix
import NIOSSL
import SMMFCore
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A loop on SwiftNIO: one thread, one handler on each channel, no codec.
final class NIODriver: LoopDriver {
    private let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop
    private let highWater: Int
    /// Makes what stands in front of each accepted connection and speaks TLS with it; none where nil.
    private let makeFront = Mutex<(@Sendable () -> SecureFront)?>(nil)
    private let listeners = Mutex<[any Channel]>([])
    private let hasEnded = Atomic<Bool>(false)

    /// Creates a loop; its links stop being writable at `highWater` bytes.
    init(highWater: Int) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = group.next()
        self.highWater = highWater
    }

    /// Lets the loop speak TLS with whom it accepts; call it before it listens.
    func secure(with makeFront: @escaping @Sendable () -> SecureFront) { self.makeFront.withLock { $0 = makeFront } }

    var now: NIODeadline { .now() }

    func execute(_ task: @escaping @Sendable () -> Void) -> Bool {
        guard !hasEnded.load(ordering: .acquiring) else { return false }
        loop.execute(task)
        return true
    }

    func startTicking(every interval: TimeAmount, _ tick: @escaping () -> Void) {
        let bound = NIOLoopBound(tick, eventLoop: loop)
        loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in bound.value() }
    }

    func listen(
        host: String,
        port: Int,
        _ makeOwner: @escaping @Sendable () -> any LinkOwner
    ) async throws -> Int {
        let listener = try await serverBootstrap(makeOwner)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.socketOption(.init(rawValue: SO_REUSEPORT)), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: host, port: port)
            .get()
        listeners.withLock { $0.append(listener) }
        return listener.localAddress?.port ?? port
    }

    func listen(on descriptor: Int32, _ makeOwner: @escaping @Sendable () -> any LinkOwner) async throws {
        let listener = try await serverBootstrap(makeOwner).withBoundSocket(descriptor).get()
        listeners.withLock { $0.append(listener) }
    }

    private func serverBootstrap(_ makeOwner: @escaping @Sendable () -> any LinkOwner) -> ServerBootstrap {
        let makeFront = self.makeFront.withLock { $0 }
        return ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: ListenSocket.backlog)
            .childChannelOption(.recvAllocator, value: Self.allocator)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: highWater / 2, high: highWater))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let makeFront {
                        try makeFront().secure(channel)
                    } else {
                        try channel.pipeline.syncOperations.addHandler(ChannelLink(makeOwner()))
                    }
                }
            }
    }

    func stopListening() async {
        for listener in listeners.withLock({ exchange(&$0, with: []) }) { try? await listener.close() }
    }

    func connect(
        to endpoint: Endpoint,
        securedBy handler: NIOSSLClientHandler?,
        within limit: Duration,
        for owner: any LinkOwner
    ) {
        let handshake = handler.map {
            ChannelLink.Handshake(handler: $0, host: endpoint.host, deadline: .now() + TimeAmount(limit))
        }
        let link = NIOLoopBound((owner: owner, link: ChannelLink(owner, after: handshake)), eventLoop: loop)
        let security = NIOLoopBound(handler, eventLoop: loop)
        var bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(limit))
            .channelOption(.recvAllocator, value: Self.allocator)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let handler = security.value { try channel.pipeline.syncOperations.addHandler(handler) }
                    try channel.pipeline.syncOperations.addHandler(link.value.link)
                }
            }
        let channel: EventLoopFuture<any Channel>
        if case .unix(let path) = endpoint.transport {
            channel = bootstrap.connect(unixDomainSocketPath: path)
        } else {
            bootstrap = bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
            if let address = try? SocketAddress(ipAddress: endpoint.host, port: endpoint.port) {
                channel = bootstrap.connect(to: address)
            } else {
                channel = bootstrap.connect(host: endpoint.host, port: endpoint.port)
            }
        }
        channel.assumeIsolated().whenFailure { link.value.owner.failedToOpen(Self.describe($0)) }
    }

    func end() async {
        await stopListening()
        hasEnded.store(true, ordering: .releasing)
        try? await group.shutdownGracefully()
    }

    private static var allocator: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 2048, maximum: 65_536)
    }

    private static func describe(_ error: any Error) -> String {
        switch error {
        case let error as IOError where error.errnoCode == ECONNREFUSED: "connection refused"
        case let error as IOError where error.errnoCode == ENOENT: "there is no such socket"
        case ChannelError.connectTimeout: "no answer to the connection request"
        case ChannelError.eof: "the connection was closed at once"
        case let error as NIOConnectionError where !error.connectionErrors.isEmpty:
            describe(error.connectionErrors[0].error)
        case is NIOConnectionError: "its host name has no address"
        default: String(describing: error)
        }
    }
}
