// SPDX-License-Identifier: MIT

public import Logging
import NIOCore
import SMMFCore
public import SMMFRouting
import SMMFWire
import Synchronization

/// The data plane: takes clients' requests, sends each to an instance of its model, and relays the answer.
///
/// Every event loop has a listener, connections, pools, a routing table and counters of its own; a request stays on one
/// loop from its first byte to its last.
public final class RelayServer: Sendable {
    struct State {
        var loops: [LoopHandle] = []
        var unix: UnixListener?
        /// Looks for new certificates.
        var reloading: Task<Void, Never>?
        /// What `https://` endpoints are connected to with, once there are any.
        var upstreamSecurity: UpstreamSecurity?
        /// What loops that have ended had counted.
        var past = RelayMetrics()
        var table = RoutingTable()
        var keys = KeyTable.open
    }

    let settings: RelaySettings
    let state = Mutex(State())

    /// How often deadlines are looked at; one pass over all connections replaces a timer for each request.
    static let sweepInterval = TimeAmount.milliseconds(250)

    /// Creates a server; it has threads and listens once it is started, until it is drained. `translations` stand between
    /// clients and instances of different dialects, and `providers` know how instances of a name are called. Each request gets a line in
    /// `accessLog`, if there is one.
    public init(
        configuration: RelayConfiguration,
        operations: [RelayOperation],
        localRoutes: [LocalRoute],
        translations: TranslationTable = TranslationTable(),
        providers: [String: any RelayProvider] = [:],
        accessLog: AccessLog? = nil,
        logger: Logger
    ) {
        settings = RelaySettings(
            configuration: configuration,
            operations: operations,
            localRoutes: localRoutes,
            translations: translations,
            providers: providers,
            paths: PathTable(operations: operations, localRoutes: localRoutes),
            crossOrigin: CrossOriginPolicy(origins: configuration.corsOrigins),
            loopCount: configuration.loops.map { max(1, $0) } ?? UsableCores.count,
            isLoopback: ListenAddress(host: configuration.host, port: configuration.port).isLoopback,
            accessLog: accessLog,
            logger: logger
        )
    }

    /// Gives all loops a new routing table, and a new key table where there is one, and returns when each of them uses
    /// both; no loop ever uses one without the other.
    public func publish(_ table: RoutingTable, keys: KeyTable? = nil) async {
        let (loops, keys) = state.withLock { state in
            state.table = table
            if let keys { state.keys = keys }
            return (state.loops, state.keys)
        }
        let security = table.hasTLS ? upstreamSecurity() : nil
        for handle in loops {
            _ = await handle.run { loop in
                if let security { loop.upstreamSecurity = security }
                loop.publish(table, keys)
            }
        }
    }

    /// What connections to `https://` endpoints are opened with, made at the first call.
    private func upstreamSecurity() -> UpstreamSecurity? {
        state.withLock { state in
            if let made = state.upstreamSecurity { return made }
            do throws(SMMFError) {
                let made = try UpstreamSecurity(settings.configuration.upstreamTLS, settings.logger)
                state.upstreamSecurity = made
                return made
            } catch {
                settings.logger.error("\(error.message)", metadata: ["smmf.field": "\(error.field ?? "")"])
                return nil
            }
        }
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
        let (unix, reloading) = state.withLock { (exchange(&$0.unix, with: nil), exchange(&$0.reloading, with: nil)) }
        unix?.remove()
        reloading?.cancel()
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
}
