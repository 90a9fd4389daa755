// SPDX-License-Identifier: MIT

public import Logging
public import SMMFCore
import SMMFRelay
import SMMFRouting
import ServiceLifecycle
import Synchronization

/// The API Server: the relay in front, a live copy of the registry behind it, and nothing else on a request's way.
public struct Gateway: Sendable {
    private let address: ListenAddress
    private let registry: any Registry
    private let policies: [any RoutingPolicy]
    private let logger: Logger
    private let onListening: @Sendable (ListenAddress) async -> Void
    private let onReady: @Sendable (ModelName) async -> Void

    /// How long running requests may take to finish when the server ends.
    private static let drainDeadline: Duration = .seconds(30)

    /// Creates an API Server. `onListening` gets the address once connections are accepted, `onReady` each model when it
    /// serves for the first time.
    public init(
        address: ListenAddress,
        registry: any Registry,
        policies: [any RoutingPolicy],
        logger: Logger,
        onListening: @escaping @Sendable (ListenAddress) async -> Void = { _ in },
        onReady: @escaping @Sendable (ModelName) async -> Void = { _ in }
    ) {
        self.address = address
        self.registry = registry
        self.policies = policies
        self.logger = logger
        self.onListening = onListening
        self.onReady = onReady
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for; then finishes running requests.
    public func run() async throws {
        let state = GatewayState()
        let server = RelayServer(
            configuration: RelayConfiguration(host: address.host, port: address.port),
            operations: GatewaySurface.operations,
            localRoutes: GatewaySurface.localRoutes(state),
            logger: logger
        )
        state.attach(server)
        let mirror = RegistryMirror(registry: registry, policies: policies, clock: ContinuousClock(), logger: logger) {
            [onReady] table in
            await server.publish(table)
            for model in state.publish(table) { await onReady(model) }
        }
        state.attach(mirror)
        let bound = try await server.start()
        await onListening(ListenAddress(host: bound.host, port: bound.port))
        await cancelWhenGracefulShutdown { await mirror.run() }
        await server.drain(deadline: Self.drainDeadline)
    }
}
