// SPDX-License-Identifier: MIT

import NIOCore
import NIOPosix

/// Opening, keeping and sweeping connections.
extension LoadLoop {
    /// How many connects are on their way at once; more would overflow a listener's backlog.
    private static let connectLimit = 128
    /// How long a loop waits after a failed connect.
    private static let pause = 100_000_000
    private static let tick = TimeAmount.milliseconds(10)

    func startTicking() {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        sweeper = eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: Self.tick) { _ in bound.value.tick() }
    }

    private func tick() {
        let now = Self.now()
        guard now >= start else { return }
        // The window's own timer may come after this one, but no request of the window may.
        if now >= windowStart { openWindow() }
        // Whoever times out leaves the list; going backwards, only connections already seen can move.
        var index = connections.count - 1
        while index >= 0 {
            if index < connections.count, connections[index].deadline <= now { connections[index].timeOut() }
            index -= 1
        }
        connectMore(now)
        if schedule != nil { sendDue(now) }
        finishIfDone()
    }

    /// Opens as many connections as the plan asks for by now.
    private func connectMore(_ now: Int) {
        guard now >= connectPause else { return }
        let wanted = plan.connections(of: share, after: now - start)
        while stage != .over, connecting < Self.connectLimit, connections.count + connecting < wanted { connect() }
    }

    func closed(_ connection: LoadConnection) {
        guard connections.indices.contains(connection.place), connections[connection.place] === connection else {
            return
        }
        connections.swapAt(connection.place, connections.count - 1)
        connections[connection.place].place = connection.place
        connections.removeLast()
        if let index = idle.lastIndex(where: { $0 === connection }) { idle.remove(at: index) }
        connectMore(Self.now())
    }

    private func connect() {
        connecting += 1
        let handler = NIOLoopBound(LoadConnection(self), eventLoop: eventLoop)
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(.seconds(5))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 2048, maximum: 65_536)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
        bootstrap.connect(to: address).assumeIsolated().whenComplete { result in
            self.connecting -= 1
            let now = Self.now()
            switch result {
            case .success: self.connected(handler.value, now)
            case .failure:
                self.connectPause = now + Self.pause
                self.failedToConnect()
            }
            self.connectMore(now)
        }
    }

    private func connected(_ connection: LoadConnection, _ now: Int) {
        guard connection.context != nil else { return }
        guard stage != .over else { return connection.close() }
        connection.place = connections.count
        connections.append(connection)
        isFree(connection, now)
    }
}
