// SPDX-License-Identifier: MIT

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// The listening socket of a simulated engine, which its script can close and open again on the same port.
final class SimulatorListener: Sendable {
    private struct State {
        var channel: (any Channel)?
        var port: Int
        /// The last change under way; the next one waits for it.
        var tail: EventLoopFuture<Void>
    }

    private let core: SimulatorCore
    private let group: any EventLoopGroup
    private let host: String
    private let onExit: (@Sendable () -> Void)?
    private let services: [ObjectIdentifier: NIOLoopBoundBox<(any SimulatorAnswering)?>]
    private let makeService: MakeService
    private let state: Mutex<State>

    /// Makes what answers the requests of one event loop.
    typealias MakeService = @Sendable (SimulatorCore, SimulatorListener) -> any SimulatorAnswering

    init(
        core: SimulatorCore,
        group: any EventLoopGroup,
        host: String,
        port: Int,
        onExit: (@Sendable () -> Void)?,
        makeService: @escaping MakeService = { SimulatorService(core: $0, listener: $1) }
    ) {
        self.core = core
        self.group = group
        self.host = host
        self.onExit = onExit
        self.makeService = makeService
        var services: [ObjectIdentifier: NIOLoopBoundBox<(any SimulatorAnswering)?>] = [:]
        for loop in group.makeIterator() {
            services[ObjectIdentifier(loop)] = .makeEmptyBox(valueType: (any SimulatorAnswering).self, eventLoop: loop)
        }
        self.services = services
        state = Mutex(State(port: port, tail: group.any().makeSucceededVoidFuture()))
    }

    var port: Int { state.withLock { $0.port } }

    func open() -> EventLoopFuture<Void> {
        let port = port
        return bootstrap.bind(host: host, port: port).map { channel in
            self.state.withLock { state in
                state.channel = channel
                state.port = channel.localAddress?.port ?? port
            }
        }
    }

    func close() -> EventLoopFuture<Void> {
        let channel = state.withLock { state in
            defer { state.channel = nil }
            return state.channel
        }
        guard let channel else { return group.any().makeSucceededVoidFuture() }
        return channel.close().flatMapError { _ in channel.eventLoop.makeSucceededVoidFuture() }
    }

    /// Listens or not, as the script says; the future is done when it is so.
    @discardableResult
    func follow(_ script: SimulatorScript) -> EventLoopFuture<Void> {
        let promise = group.any().makePromise(of: Void.self)
        let before = state.withLock { state in
            defer { state.tail = promise.futureResult }
            return state.tail
        }
        before.whenComplete { _ in self.change(script).cascade(to: promise) }
        return promise.futureResult
    }

    private func change(_ script: SimulatorScript) -> EventLoopFuture<Void> {
        let isOpen = state.withLock { $0.channel != nil }
        switch (isOpen, script.refusing) {
        case (true, true): return close()
        case (false, false): return open()
        case (true, false), (false, true): return group.any().makeSucceededVoidFuture()
        }
    }

    /// What the fault `exit` does: ends the process, or in-process all that a client would see of that.
    @discardableResult
    func exit() -> EventLoopFuture<Void> {
        if let onExit { onExit() }
        core.markRefusing()
        // The port first: whoever sees the reset must not find anybody listening.
        return follow(core.version.script).map {
            for channel in self.core.room.change({ Array($0.channels.values) }) { channel.reset() }
        }
    }

    /// Returns when all connections have handed on what was written to them: a request counts as finished before its last
    /// bytes are sent.
    func written() async {
        for channel in core.room.change({ Array($0.channels.values) }) {
            // A connection that closes meanwhile has nothing left to hand on.
            try? await channel.writeAndFlush(ByteBuffer())
        }
    }

    private var bootstrap: ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4_096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
                    let service = self.service(on: channel.eventLoop)
                    let connection = SimulatorConnection(core: self.core, listener: self, service: service)
                    try channel.pipeline.syncOperations.addHandlers([decoder, connection])
                }
            }
    }

    /// The loop's own service, made with its first connection.
    private func service(on loop: any EventLoop) -> any SimulatorAnswering {
        let box = services[ObjectIdentifier(loop)]
        if let service = box?.value { return service }
        let service = makeService(core, self)
        box?.value = service
        return service
    }
}
