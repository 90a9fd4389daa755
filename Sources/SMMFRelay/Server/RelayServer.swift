// SPDX-License-Identifier: MIT

public import Logging
public import NIOCore
import NIOPosix
public import SMMFCore
public import SMMFRouting
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The data plane: takes clients' requests, sends each to an instance of its model, and relays the answer.
///
/// Every event loop has a listener, connections, pools, a routing table and counters of its own; a request stays on one
/// loop from its first byte to its last.
public final class RelayServer: Sendable {
    private struct State {
        var loops: [NIOLoopBound<RelayLoop>] = []
        var listeners: [any Channel] = []
        var table = RoutingTable()
    }

    private let settings: RelaySettings
    private let eventLoops: [any EventLoop]
    private let state = Mutex(State())

    /// Creates a server on the loops of `group`; it listens once it is started.
    ///
    /// Of `group` the first `configuration.loops` loops are used. The caller shuts the group down after `drain`.
    public init(
        configuration: RelayConfiguration,
        group: any EventLoopGroup,
        operations: [RelayOperation],
        localRoutes: [LocalRoute],
        logger: Logger
    ) {
        let all = Array(group.makeIterator())
        eventLoops = configuration.loops.map { Array(all.prefix(max(1, $0))) } ?? all
        settings = RelaySettings(
            configuration: configuration,
            operations: operations,
            localRoutes: localRoutes,
            paths: PathTable(operations: operations, localRoutes: localRoutes),
            loopCount: eventLoops.count,
            logger: logger
        )
    }

    /// Listens, and returns the address; a port of 0 in the configuration is replaced by the one taken.
    ///
    /// Throws ``SMMFError`` when the address cannot be listened on.
    public func start() async throws(SMMFError) -> (host: String, port: Int) {
        let configuration = settings.configuration
        var port = configuration.port
        do {
            try await requireFree(configuration.host, port)
            for eventLoop in eventLoops {
                let bound = try await makeLoop(on: eventLoop)
                let listener = try await Self.listen(bound, configuration, port: port)
                port = listener.localAddress?.port ?? port
                state.withLock { state in
                    state.loops.append(bound)
                    state.listeners.append(listener)
                }
            }
        } catch {
            await drain(deadline: .zero)
            let busy = (error as? IOError)?.errnoCode == EADDRINUSE
            throw SMMFError(
                busy ? .conflict : .configuration,
                "Cannot listen on \(configuration.host):\(port): \(busy ? "the port is taken" : "\(error)").",
                field: "server.api",
                nextStep: "Stop the program that listens there, or set another address."
            )
        }
        return (configuration.host, port)
    }

    /// Gives all loops a new routing table and returns when each of them uses it.
    public func publish(_ table: RoutingTable) async {
        let loops = state.withLock { state in
            state.table = table
            return state.loops
        }
        for bound in loops { try? await bound.eventLoop.submit { bound.value.publish(table) }.get() }
    }

    /// The sum of all loops' counters.
    public func metrics() async -> RelayMetrics {
        var sum = RelayMetrics()
        for bound in state.withLock({ $0.loops }) {
            if let part = try? await bound.eventLoop.submit({ bound.value.snapshot() }).get() { sum.add(part) }
        }
        return sum
    }

    /// Ends the service: no new connections, idle ones close, requests finish; what is not done at the deadline is cut.
    public func drain(deadline: Duration) async {
        let (loops, listeners) = state.withLock { state in
            defer { state.listeners = [] }
            return (state.loops, state.listeners)
        }
        for listener in listeners { try? await listener.close() }
        let limit = NIODeadline.now() + TimeAmount(deadline)
        let draining = loops.map { bound in
            let cut = bound.eventLoop.scheduleTask(deadline: limit) { bound.value.stop() }
            return (bound, cut, bound.eventLoop.flatSubmit { bound.value.drain() })
        }
        for (bound, cut, drained) in draining {
            try? await drained.get()
            cut.cancel()
            try? await bound.eventLoop.submit { bound.value.stop() }.get()
        }
    }

    /// Each loop has a listener of its own on the same port, which the system allows to any process of this user: whether
    /// another one listens there already must be asked for. The probe takes no connection: one that comes in its moment
    /// is reset when it closes, and would hang for ever if it were accepted.
    private func requireFree(_ host: String, _ port: Int) async throws {
        guard port != 0, let eventLoop = eventLoops.first else { return }
        let probe = try await ServerBootstrap(group: eventLoop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .bind(host: host, port: port)
            .get()
        try await probe.close()
    }

    private func makeLoop(on eventLoop: any EventLoop) async throws -> NIOLoopBound<RelayLoop> {
        let settings = settings
        let table = state.withLock { $0.table }
        return try await eventLoop.submit {
            let loop = RelayLoop(eventLoop, settings)
            loop.publish(table)
            loop.startSweeping()
            return NIOLoopBound(loop, eventLoop: eventLoop)
        }.get()
    }

    private static func listen(
        _ bound: NIOLoopBound<RelayLoop>,
        _ configuration: RelayConfiguration,
        port: Int
    ) async throws -> any Channel {
        let highWater = configuration.writeHighWater
        return try await ServerBootstrap(group: bound.eventLoop)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.socketOption(.init(rawValue: SO_REUSEPORT)), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 2048, maximum: 65_536)
            )
            .childChannelOption(.writeBufferWaterMark, value: .init(low: highWater / 2, high: highWater))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ClientConnection(bound.value))
                }
            }
            .bind(host: configuration.host, port: port)
            .get()
    }
}
