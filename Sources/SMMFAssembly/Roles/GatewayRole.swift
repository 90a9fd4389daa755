// SPDX-License-Identifier: MIT

import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore
import SMMFGateway
import SMMFProviders
import SMMFRegistries
import SMMFWorker
public import ServiceLifecycle

/// The API Server as a service.
public struct GatewayRole: Service {
    private let gateway: Gateway

    /// Creates the role beside a controller in this process, or with nil as a follower of the controller that the
    /// configuration names.
    init(_ host: Host, beside controller: ControllerRole?, onEvent: @escaping HostEventHandler = { _ in }) {
        let isTLS = host.configuration.tls != nil
        gateway = Gateway(
            address: host.configuration.api,
            registry: controller?.registry ?? ControllerRegistry(client: host.controllerClient),
            spending: controller?.controller ?? ControllerSpendingSink(client: host.controllerClient),
            demand: controller?.controller ?? ControllerDemandSink(client: host.controllerClient),
            policies: Plugins.policies,
            providers: Dictionary(uniqueKeysWithValues: Plugins.providers.map { ($0.name, $0) }),
            prices: PriceTable(own: host.configuration.prices.map(ModelPrice.init)),
            corsOrigins: host.configuration.corsOrigins,
            accessLog: host.configuration.accessLog.map { AccessLogTarget(path: $0.path, sample: $0.sample) },
            tls: host.configuration.tls,
            upstreamTLS: host.configuration.upstreamTLS,
            logger: host.logger,
            wallClock: { .systemTime },
            onListening: { await onEvent(.listening(role: "API server", url: $0.url(isTLS: isTLS))) },
            onReady: { await onEvent(.ready(model: $0.text)) }
        )
    }

    /// Creates the role for a controller in another process.
    public init(following host: Host, onEvent: @escaping HostEventHandler = { _ in }) {
        self.init(host, beside: nil, onEvent: onEvent)
    }

    public func run() async throws { try await gateway.run() }
}
