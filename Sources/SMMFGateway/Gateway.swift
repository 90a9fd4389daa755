// SPDX-License-Identifier: MIT

public import Logging
public import SMMFCore
public import SMMFProviders
public import SMMFRelay
import SMMFRouting
import ServiceLifecycle
import Synchronization

/// The API Server: the relay in front, a live copy of the registry behind it, and nothing else on a request's way.
public struct Gateway: Sendable {
    private let address: ListenAddress
    private let registry: any Registry
    private let spending: any SpendingSink
    private let demand: any DemandSink
    private let wallClock: @Sendable () -> Timestamp
    private let policies: [any RoutingPolicy]
    private let providers: [String: any RelayProvider]
    private let prices: PriceTable
    private let corsOrigins: [String]
    private let accessLog: AccessLogTarget?
    private let tls: ListenerTLS?
    private let upstreamTLS: UpstreamTLS
    private let logger: Logger
    private let onListening: @Sendable (ListenAddress) async -> Void
    private let onReady: @Sendable (ModelName) async -> Void

    /// How long running requests may take to finish when the server ends.
    private static let drainDeadline: Duration = .seconds(30)

    /// Creates an API Server. `spending` gets what API keys have spent, `demand` which models on demand are asked for, `onListening` the address once connections are
    /// accepted, `onReady` each model when it serves for the first time; web pages of `corsOrigins` may call it, and requests
    /// are written to `accessLog`. `providers` are the remote APIs that it can call, by name. It speaks TLS with clients by `tls`, and with instances as `upstreamTLS` says.
    public init(
        address: ListenAddress,
        registry: any Registry,
        spending: any SpendingSink,
        demand: any DemandSink,
        policies: [any RoutingPolicy],
        providers: [String: any RelayProvider] = [:],
        prices: PriceTable = PriceTable(),
        corsOrigins: [String] = [],
        accessLog: AccessLogTarget? = nil,
        tls: ListenerTLS? = nil,
        upstreamTLS: UpstreamTLS = UpstreamTLS(),
        logger: Logger,
        wallClock: @escaping @Sendable () -> Timestamp,
        onListening: @escaping @Sendable (ListenAddress) async -> Void = { _ in },
        onReady: @escaping @Sendable (ModelName) async -> Void = { _ in }
    ) {
        self.address = address
        self.registry = registry
        self.spending = spending
        self.demand = demand
        self.wallClock = wallClock
        self.policies = policies
        self.providers = providers
        self.prices = prices
        self.corsOrigins = corsOrigins
        self.accessLog = accessLog
        self.tls = tls
        self.upstreamTLS = upstreamTLS
        self.logger = logger
        self.onListening = onListening
        self.onReady = onReady
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for; then finishes running requests.
    public func run() async throws {
        guard let accessLog else { return try await serve(nil) }
        let writer = try AccessLogWriter(accessLog, logger: logger)
        do {
            try await serve(writer.log)
        } catch {
            await writer.end()
            throw error
        }
        await writer.end()
    }

    private func serve(_ accessLog: AccessLog?) async throws {
        let state = GatewayState(accessLog, prices: prices)
        var configuration = RelayConfiguration(host: address.host, port: address.port)
        configuration.socket = address.socket
        configuration.tls = tls
        configuration.upstreamTLS = upstreamTLS
        configuration.corsOrigins = corsOrigins
        let server = RelayServer(
            configuration: configuration,
            operations: GatewaySurface.operations,
            localRoutes: GatewaySurface.localRoutes(state) + [InstanceStandings.route(state)],
            translations: GatewayTranslations.table(state.responses),
            providers: providers,
            accessLog: accessLog,
            logger: logger
        )
        state.attach(server)
        let keeper = KeyKeeper(
            isExposed: !address.isLoopback,
            sink: spending,
            clock: ContinuousClock(),
            wallClock: wallClock,
            logger: logger
        )
        let mirror = RegistryMirror(
            registry: registry,
            policies: policies,
            prices: prices,
            clock: ContinuousClock(),
            wallClock: wallClock,
            logger: logger
        ) {
            [onReady] table, cards in
            let keys = await keeper.table(for: cards)
            await state.settleCosts(before: table)
            await server.publish(table, keys: keys)
            for model in state.publish(table, keys) { await onReady(model) }
        }
        state.attach(mirror)
        await server.publish(RoutingTable(), keys: await keeper.table(for: [:]))
        let bound = try await server.start()
        await onListening(address.socket == nil ? ListenAddress(host: bound.host, port: bound.port) : address)
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await mirror.run() }
                group.addTask { await keeper.run() }
                group.addTask { [demand, logger] in
                    let clock = ContinuousClock()
                    await DemandWatch(server, name: Self.freshName(), sink: demand, clock: clock, logger: logger) {
                        state.table
                    }.run()
                }
            }
        }
        await server.drain(deadline: Self.drainDeadline)
        await keeper.reportAll()
    }

    /// Names this run of this API Server and no other.
    private static func freshName() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(generator.next(), radix: 36) + String(generator.next(), radix: 36)
    }
}
