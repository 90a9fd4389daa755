// SPDX-License-Identifier: MIT

import NIOCore

/// Keeping, sweeping and draining client connections.
extension RelayLoop {
    /// How often deadlines are looked at; one pass over all connections replaces a timer for each request.
    static let sweepInterval = TimeAmount.milliseconds(250)

    func add(_ connection: ClientConnection) {
        connection.place = connections.count
        connections.append(connection)
        metrics.connectionsAccepted += 1
    }

    func remove(_ connection: ClientConnection) {
        guard connections.indices.contains(connection.place), connections[connection.place] === connection else {
            return
        }
        connections.swapAt(connection.place, connections.count - 1)
        connections[connection.place].place = connection.place
        connections.removeLast()
        if isDraining, connections.isEmpty { finishDraining() }
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
        for pool in pools.values { pool.closeIdle(before: now - TimeAmount(settings.timeouts.upstreamKeepAlive)) }
    }

    /// Closes connections without a request and lets the others finish; `onDrained` is called when none is left.
    func drain(_ onDrained: @escaping @Sendable () -> Void) {
        isDraining = true
        self.onDrained = onDrained
        for connection in connections { connection.closeIfIdle() }
        if connections.isEmpty { finishDraining() }
    }

    private func finishDraining() {
        onDrained?()
        onDrained = nil
    }

    /// Cuts whatever is left.
    func stop() {
        for connection in connections { connection.cut() }
        for pool in pools.values { pool.retire() }
        pools.removeAll()
    }
}
