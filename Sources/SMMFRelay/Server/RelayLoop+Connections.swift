// SPDX-License-Identifier: MIT

import NIOCore

/// Keeping, sweeping and draining client connections.
extension RelayLoop {
    /// How often deadlines are looked at; one pass over all connections replaces a timer for each request.
    static let sweepInterval = TimeAmount.milliseconds(250)

    func add(_ connection: ClientConnection) {
        connection.place = connections.count
        connections.append(connection)
        if connection.isStream { streams += 1 } else { metrics.connectionsAccepted += 1 }
    }

    /// Client connections, whatever they speak.
    var openConnections: Int { connections.count - streams + fronts.count }

    /// Whether one more connection is within the bound.
    var hasRoom: Bool { openConnections < settings.share(settings.configuration.maxConnections) }

    /// Whether one more stream is; there may be as many of them in all as there may be connections.
    var hasRoomForStream: Bool { streams < settings.share(settings.configuration.maxConnections) }

    func add(_ front: SecureFront) {
        front.place = fronts.count
        fronts.append(front)
    }

    func remove(_ front: SecureFront) {
        guard fronts.indices.contains(front.place), fronts[front.place] === front else { return }
        fronts.swapAt(front.place, fronts.count - 1)
        fronts[front.place].place = front.place
        fronts.removeLast()
        finishDrainingIfEmpty()
    }

    func remove(_ connection: ClientConnection) {
        guard connections.indices.contains(connection.place), connections[connection.place] === connection else {
            return
        }
        connections.swapAt(connection.place, connections.count - 1)
        connections[connection.place].place = connection.place
        connections.removeLast()
        if connection.isStream { streams -= 1 }
        finishDrainingIfEmpty()
    }

    func hold(_ connection: ClientConnection) -> Bool {
        guard held.count < settings.share(settings.configuration.maxHeld) else { return false }
        held.append(connection)
        return true
    }

    func letGo(_ connection: ClientConnection) {
        held.removeAll { $0 === connection }
    }

    func sweep() {
        let now = driver.now
        // Whoever times out may leave the list; going backwards, only connections already seen can move.
        var index = connections.count - 1
        while index >= 0 {
            if index < connections.count, connections[index].deadline <= now { connections[index].timeOut() }
            index -= 1
        }
        accessLog?.tick()
        for front in fronts where front.deadline <= now { front.timeOut() }
        for pool in pools.values { pool.closeIdle(before: now - TimeAmount(settings.timeouts.upstreamKeepAlive)) }
    }

    /// Closes connections without a request and lets the others finish; `onDrained` is called when none is left.
    func drain(_ onDrained: @escaping @Sendable () -> Void) {
        isDraining = true
        self.onDrained = onDrained
        for connection in connections { connection.closeIfIdle() }
        for front in fronts { front.quiesce() }
        finishDrainingIfEmpty()
    }

    private func finishDrainingIfEmpty() {
        guard isDraining, connections.isEmpty, fronts.isEmpty else { return }
        onDrained?()
        onDrained = nil
    }

    /// Cuts whatever is left.
    func stop() {
        for connection in connections { connection.cut() }
        for front in fronts { front.cut() }
        for pool in pools.values { pool.retire() }
        pools.removeAll()
    }
}
