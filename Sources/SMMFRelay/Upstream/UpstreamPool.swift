// SPDX-License-Identifier: MIT

import NIOCore
import NIOSSL
import SMMFCore
import SMMFWire

/// One loop's connections to one instance: idle ones, and the requests that wait for one.
final class UpstreamPool {
    let endpoint: Endpoint
    let loop: RelayLoop
    private var idle: [UpstreamConnection] = []
    private var open = 0
    private var connecting = 0
    private var waiters = CircularBuffer<ClientConnection>()
    private var isStarved = false
    private var isRetired = false
    private var heads: [UpstreamRequestHead?]

    init(_ endpoint: Endpoint, _ loop: RelayLoop) {
        self.endpoint = endpoint
        self.loop = loop
        heads = Array(repeating: nil, count: loop.settings.operations.count)
    }

    /// How it stands now.
    var counts: InstanceTraffic {
        var counts = InstanceTraffic()
        counts.connections = open
        counts.idle = idle.count
        counts.connecting = connecting
        counts.waiting = waiters.count
        return counts
    }

    /// The head for an operation, rendered once.
    func head(for operation: Int) -> UpstreamRequestHead {
        if let head = heads[operation] { return head }
        let target = endpoint.path + loop.settings.operations[operation].upstreamPath
        let head = UpstreamRequestHead(method: .post, target: target, authority: endpoint.hostField)
        heads[operation] = head
        return head
    }

    /// An idle connection; without one the client waits in line for `send(on:)` or `attemptFailed`.
    ///
    /// `fresh` asks for a connection that is not an old one, after an old one turned out to be dead.
    func acquire(for client: ClientConnection, fresh: Bool) -> UpstreamConnection? {
        if !fresh, let connection = idle.popLast() {
            loop.metrics.upstreamIdle -= 1
            return connection
        }
        waiters.append(client)
        connectMore()
        return nil
    }

    /// The client does not wait any more.
    func forget(_ client: ClientConnection) {
        if let index = waiters.firstIndex(where: { $0 === client }) { waiters.remove(at: index) }
    }

    /// Opens as many connections as there are waiters, within the bounds.
    func connectMore() {
        isStarved = false
        let configuration = loop.settings.configuration
        while connecting < waiters.count, open + connecting < configuration.maxUpstreamConnections {
            guard loop.connecting < configuration.maxConnecting else {
                if !isStarved { loop.starvedPools.append(self) }
                isStarved = true
                return
            }
            connect()
        }
    }

    /// Opens a connection that nobody waits for yet, where there is none.
    func warm() {
        guard open + connecting == 0, loop.connecting < loop.settings.configuration.maxConnecting else { return }
        connect()
    }

    /// A connection has finished its request and can take another.
    func release(_ connection: UpstreamConnection) {
        if let waiter = waiters.popFirst() {
            waiter.send(on: connection)
        } else if isRetired || loop.isDraining {
            connection.close()
        } else {
            connection.idleSince = loop.driver.now
            idle.append(connection)
            loop.metrics.upstreamIdle += 1
        }
    }

    /// A connection is gone.
    func closed(_ connection: UpstreamConnection) {
        open -= 1
        loop.metrics.upstreamConnections -= 1
        if let index = idle.lastIndex(where: { $0 === connection }) {
            idle.remove(at: index)
            loop.metrics.upstreamIdle -= 1
        }
        connectMore()
    }

    func closeIdle(before limit: NIODeadline) {
        // The list is a stack, so the longest idle stand at its bottom.
        let count = idle.firstIndex { $0.idleSince >= limit } ?? idle.count
        if count > 0 { closeIdle(count) }
    }

    /// The instance is no longer routed to: idle connections close, busy ones finish.
    func retire() {
        isRetired = true
        closeIdle(idle.count)
    }

    private func closeIdle(_ count: Int) {
        let closing = idle.prefix(count)
        idle.removeFirst(count)
        loop.metrics.upstreamIdle -= count
        for connection in closing { connection.close() }
    }

    private func connect() {
        connecting += 1
        loop.connecting += 1
        loop.metrics.upstreamConnects += 1
        let connection = UpstreamConnection(self)
        guard endpoint.isTLS else { return dial(connection, securedBy: nil) }
        guard let handler = try? loop.upstreamSecurity?.handler(for: endpoint) else {
            let why = "TLS towards it could not be set up; the log says why"
            let bound = OnLoop(self)
            loop.driver.execute { bound.value.connectFailed(why) }
            return
        }
        dial(connection, securedBy: handler)
    }

    private func dial(_ connection: UpstreamConnection, securedBy handler: NIOSSLClientHandler?) {
        loop.driver.connect(
            to: endpoint,
            securedBy: handler,
            within: loop.settings.timeouts.connect,
            for: connection
        )
    }

    /// A connection is open.
    func connected(_ connection: UpstreamConnection) {
        connecting -= 1
        open += 1
        loop.metrics.upstreamConnections += 1
        connection.isCounted = true
        release(connection)
        loop.connectFinished()
    }

    /// One waiter learns of it and tries elsewhere; the others have connects of their own.
    func connectFailed(_ why: String) {
        connecting -= 1
        loop.metrics.upstreamConnectFailures += 1
        waiters.popFirst()?.attemptFailed(.connectFailed(why))
        connectMore()
        loop.connectFinished()
    }
}
