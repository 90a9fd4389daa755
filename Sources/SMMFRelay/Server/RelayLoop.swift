// SPDX-License-Identifier: MIT

import Logging
import NIOCore
import NIOSSL
import SMMFCore
import SMMFRouting
import SMMFWire

/// Everything that belongs to one event loop: its connections, pools, routing table and counters. Only that loop
/// touches it, so nothing here is locked.
final class RelayLoop {
    /// Instances that a loop connects to before they are needed.
    private static let warmLimit = 64

    let driver: any LoopDriver
    let settings: RelaySettings
    var table = RoutingTable()
    var keys = KeyTable.open
    /// Counts the key tables, so that a connection knows that what it remembers of its key is old.
    var keyGeneration = 0
    /// Breakers of instances that failed lately; an instance without one is trusted.
    var breakers: [InstanceID: CircuitBreaker] = [:]
    var pools: [Endpoint: UpstreamPool] = [:]
    /// Pools that wait for the loop's bound on connects.
    var starvedPools = CircularBuffer<UpstreamPool>()
    var connecting = 0
    /// Room that connections have taken for large bodies.
    var bodyBytes = 0
    var metrics = RelayMetrics()
    var traffic = TrafficBook()
    /// Instances of the table that refused to be asked for usage.
    var withoutUsage: Set<InstanceID> = []
    /// All client connections; each knows its place.
    var connections: [ClientConnection] = []
    /// Those of them that are streams of HTTP/2 connections.
    var streams = 0
    /// Connections in the TLS handshake, and those that speak HTTP/2; each knows its place.
    var fronts: [SecureFront] = []
    /// What connections are accepted with on a listener that speaks TLS.
    var listenerSecurity: NIOSSLContext?
    /// What connections to `https://` endpoints are opened with, once there are any.
    var upstreamSecurity: UpstreamSecurity?
    var held: [ClientConnection] = []
    var isDraining = false
    /// Called when the last connection has gone.
    var onDrained: (@Sendable () -> Void)?
    var accessLog: AccessLogBuffer?
    /// Bytes being written; empty between events.
    var scratch: [UInt8] = []
    /// Where small requests wait to be sent together.
    private(set) lazy var gathering = GatherRoom(self)
    private var candidates: [RoutingCandidate] = []
    private var generator = LoopGenerator()
    private var sequence: UInt64 = 0

    init(_ driver: any LoopDriver, _ settings: RelaySettings) {
        self.driver = driver
        self.settings = settings
        accessLog = settings.accessLog.map(AccessLogBuffer.init)
        scratch.reserveCapacity(4096)
    }

    var logger: Logger { settings.logger }

    func freshRequestID() -> RequestID { RequestID(generator.next(), generator.next()) }

    func nextRandom() -> UInt64 { generator.next() }

    func choose(_ chooser: inout InstanceChooser) -> RouteInstance? {
        sequence &+= 1
        return chooser.next(
            breakers: breakers,
            at: clock(),
            sequence: sequence,
            random: generator.next(),
            scratch: &candidates
        )
    }

    /// An instance was chosen and gets the request.
    func sent(to instance: RouteInstance) {
        if !breakers.isEmpty { breakers[instance.id]?.sent(at: clock()) }
    }

    func succeeded(_ instance: RouteInstance) {
        instance.rest?.wake()
        if !breakers.isEmpty { breakers[instance.id] = nil }
    }

    func failed(_ instance: RouteInstance) {
        breakers[instance.id, default: CircuitBreaker()].failed(at: clock())
    }

    /// Whether the instance may be asked for usage, as far as is known.
    func reportsUsage(_ instance: RouteInstance) -> Bool {
        withoutUsage.isEmpty || !withoutUsage.contains(instance.id)
    }

    func pool(for endpoint: Endpoint) -> UpstreamPool {
        if let pool = pools[endpoint] { return pool }
        let pool = UpstreamPool(endpoint, self)
        pools[endpoint] = pool
        return pool
    }

    /// Takes over new tables: lets go of what the routes no longer name, and looks again at the held requests.
    func publish(_ new: RoutingTable, _ keys: KeyTable) {
        if self.keys !== keys {
            self.keys = keys
            keyGeneration += 1
        }
        table = new
        traffic.adopt(new)
        var instances: Set<InstanceID> = []
        var endpoints: Set<Endpoint> = []
        for instance in new.sorted.lazy.flatMap(\.groups).flatMap(\.instances) {
            instances.insert(instance.id)
            endpoints.insert(instance.endpoint)
        }
        breakers = breakers.filter { instances.contains($0.key) }
        withoutUsage = withoutUsage.filter { instances.contains($0) }
        for (endpoint, pool) in pools where !endpoints.contains(endpoint) {
            pools[endpoint] = nil
            pool.retire()
        }
        let waiting = held
        held.removeAll(keepingCapacity: true)
        for connection in waiting { connection.lookAgain() }
        warm(endpoints)
    }

    /// Connects to new instances behind TLS before anybody asks, as the first one to ask would wait for a handshake.
    ///
    /// Others are not: a bare connection costs less than a thread that an engine such as llama.cpp keeps for each.
    private func warm(_ endpoints: Set<Endpoint>) {
        guard !isDraining else { return }
        for endpoint in endpoints where endpoint.isTLS && pools[endpoint] == nil {
            guard pools.count < Self.warmLimit else { return }
            pool(for: endpoint).warm()
        }
    }

    /// Lets pools connect that the loop's bound kept waiting.
    func connectFinished() {
        connecting -= 1
        while connecting < settings.configuration.maxConnecting, let pool = starvedPools.popFirst() {
            pool.connectMore()
        }
    }

    func clock() -> Duration { .nanoseconds(Int64(truncatingIfNeeded: driver.now.uptimeNanoseconds)) }
}
