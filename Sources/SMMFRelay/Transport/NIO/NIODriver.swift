// SPDX-License-Identifier: MIT

import NIOCore
import NIOPosix
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
    private let listeners = Mutex<[any Channel]>([])
    private let hasEnded = Atomic<Bool>(false)

    /// Creates a loop; its links stop being writable at `highWater` bytes.
    init(highWater: Int) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = group.next()
        self.highWater = highWater
    }

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
        let listener = try await ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: ListenSocket.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.socketOption(.init(rawValue: SO_REUSEPORT)), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.recvAllocator, value: Self.allocator)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: highWater / 2, high: highWater))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ChannelLink(makeOwner()))
                }
            }
            .bind(host: host, port: port)
            .get()
        listeners.withLock { $0.append(listener) }
        return listener.localAddress?.port ?? port
    }

    func stopListening() async {
        for listener in listeners.withLock({ exchange(&$0, with: []) }) { try? await listener.close() }
    }

    func connect(to endpoint: Endpoint, within limit: Duration, for owner: any LinkOwner) {
        let link = NIOLoopBound((owner: owner, link: ChannelLink(owner)), eventLoop: loop)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(limit))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: Self.allocator)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(link.value.link)
                }
            }
        let channel: EventLoopFuture<any Channel> =
            if let address = try? SocketAddress(ipAddress: endpoint.host, port: endpoint.port) {
                bootstrap.connect(to: address)
            } else {
                bootstrap.connect(host: endpoint.host, port: endpoint.port)
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
        case ChannelError.connectTimeout: "no answer to the connection request"
        case ChannelError.eof: "the connection was closed at once"
        case let error as NIOConnectionError where !error.connectionErrors.isEmpty:
            describe(error.connectionErrors[0].error)
        case is NIOConnectionError: "its host name has no address"
        default: String(describing: error)
        }
    }
}
