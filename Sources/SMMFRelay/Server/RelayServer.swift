// SPDX-License-Identifier: MIT

public import Logging
import NIOCore
import NIOPosix
public import SMMFCore
public import SMMFRouting
import SMMFWire
import Synchronization

/// The data plane: takes clients' requests, sends each to an instance of its model, and relays the answer.
///
/// Every event loop has a listener, connections, pools, a routing table and counters of its own; a request stays on one
/// loop from its first byte to its last.
public final class RelayServer: Sendable {
    private struct State {
        var loops: [LoopHandle] = []
        /// What loops that have ended had counted.
        var past = RelayMetrics()
        var table = RoutingTable()
        var keys = KeyTable.open
    }

    private let settings: RelaySettings
    private let state = Mutex(State())

    /// How often deadlines are looked at; one pass over all connections replaces a timer for each request.
    private static let sweepInterval = TimeAmount.milliseconds(250)

    /// Creates a server; it has threads and listens once it is started, until it is drained. Each request gets a line in
    /// `accessLog`, if there is one.
    public init(
        configuration: RelayConfiguration,
        operations: [RelayOperation],
        localRoutes: [LocalRoute],
        accessLog: AccessLog? = nil,
        logger: Logger
    ) {
        settings = RelaySettings(
            configuration: configuration,
            operations: operations,
            localRoutes: localRoutes,
            paths: PathTable(operations: operations, localRoutes: localRoutes),
            crossOrigin: CrossOriginPolicy(origins: configuration.corsOrigins),
            loopCount: configuration.loops.map { max(1, $0) } ?? UsableCores.count,
            isLoopback: ListenAddress(host: configuration.host, port: configuration.port).isLoopback,
            accessLog: accessLog,
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
            try ListenSocket.requireFree(configuration.host, port)
            for _ in 0..<settings.loopCount {
                let handle = LoopHandle(RelayLoop(try makeDriver(), settings))
                let (table, keys) = state.withLock { state in
                    state.loops.append(handle)
                    return (state.table, state.keys)
                }
                handle.post { loop in
                    loop.publish(table, keys)
                    loop.driver.startTicking(every: Self.sweepInterval) { loop.sweep() }
                }
                port = try await handle.driver.listen(host: configuration.host, port: port) {
                    ClientConnection(handle.loop)
                }
            }
        } catch {
            await drain(deadline: .zero)
            let why = ListenSocket.isTaken(error) ? "the port is taken" : "\(error)"
            throw SMMFError(
                ListenSocket.isTaken(error) ? .conflict : .configuration,
                "Cannot listen on \(configuration.host):\(port): \(why).",
                field: "server.api",
                nextStep: "Stop the program that listens there, or set another address."
            )
        }
        return (configuration.host, port)
    }

    /// Gives all loops a new routing table, and a new key table where there is one, and returns when each of them uses
    /// both; no loop ever uses one without the other.
    public func publish(_ table: RoutingTable, keys: KeyTable? = nil) async {
        let (loops, keys) = state.withLock { state in
            state.table = table
            if let keys { state.keys = keys }
            return (state.loops, state.keys)
        }
        for handle in loops { _ = await handle.run { $0.publish(table, keys) } }
    }

    /// The sum of all loops' counters.
    public func metrics() async -> RelayMetrics {
        let (loops, past) = state.withLock { ($0.loops, $0.past) }
        var sum = past
        for handle in loops {
            if let part = await handle.run({ $0.snapshot() }) { sum.add(part) }
        }
        return sum
    }

    /// Ends the service: no new connections, idle ones close, requests finish; what is not done at the deadline is cut.
    public func drain(deadline: Duration) async {
        let loops = state.withLock(\.loops)
        for handle in loops { await handle.driver.stopListening() }
        let cut = Task {
            try await Task.sleep(for: deadline)
            for handle in loops { handle.post { $0.stop() } }
        }
        await withTaskGroup(of: Void.self) { group in
            for handle in loops { group.addTask { await handle.drained() } }
        }
        cut.cancel()
        for handle in loops {
            let last = await handle.run { loop in
                loop.accessLog?.tick()
                return loop.snapshot()
            }
            await handle.driver.end()
            if let last { state.withLock { $0.past.add(last) } }
        }
    }

    private func makeDriver() throws -> any LoopDriver {
        let highWater = settings.configuration.writeHighWater
        #if os(Linux)
        if settings.configuration.transport == .automatic { return try EpollDriver(highWater: highWater) }
        #endif
        return NIODriver(highWater: highWater)
    }
}
