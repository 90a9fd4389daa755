// SPDX-License-Identifier: MIT

import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore
import SMMFGateway
import SMMFRegistries
public import ServiceLifecycle

/// The API Server as a service.
public struct GatewayRole: Service {
    private let gateway: Gateway

    /// Creates the role on a registry in this process, or with nil on the one of the controller that the configuration
    /// names.
    init(_ host: Host, registry: (any Registry)?, onEvent: @escaping HostEventHandler = { _ in }) {
        gateway = Gateway(
            address: host.configuration.api,
            registry: registry ?? ControllerRegistry(client: host.controllerClient),
            policies: Plugins.policies,
            logger: host.logger,
            onListening: { await onEvent(.listening(role: "API server", url: "http://\($0)")) },
            onReady: { await onEvent(.ready(model: $0.text)) }
        )
    }

    /// Creates the role for a controller in another process.
    public init(following host: Host, onEvent: @escaping HostEventHandler = { _ in }) {
        self.init(host, registry: nil, onEvent: onEvent)
    }

    public func run() async throws { try await gateway.run() }
}
