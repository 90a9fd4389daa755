// SPDX-License-Identifier: MIT

import SMMFConfiguration
import SMMFController
import SMMFCore
import SMMFWorker
public import ServiceLifecycle
import UnixSignals

/// Controller, worker and API server in one process: the same roles as in a cluster, wired in memory.
public struct Standalone: Sendable {
    private let host: Host

    /// Prepares a process on a host.
    public init(_ host: Host) { self.host = host }

    /// Serves until the task is cancelled or the process is told to end.
    public func run(_ onEvent: @escaping HostEventHandler) async throws {
        let services = try await services(onEvent)
        try await SingleRole.runServices(services, host)
    }

    /// The roles in the order of their dependencies; they end in the reverse order, so that requests finish first.
    public func services(_ onEvent: @escaping HostEventHandler) async throws -> [any Service] {
        let address = host.configuration
        let controller = try await ControllerRole(host) { port in
            await onEvent(
                .listening(role: "controller", url: "http://\(ListenAddress(host: address.control.host, port: port))")
            )
        }
        let worker = try WorkerRole(host, registry: controller.registry) { port in
            await onEvent(
                .listening(role: "worker", url: "http://\(ListenAddress(host: address.worker.host, port: port))")
            )
        }
        try await controller.controller.join(await worker.supervisor.status(), agent: worker.supervisor)
        return [controller, worker, GatewayRole(host, beside: controller, onEvent: onEvent)]
    }
}

/// One role as a process.
public enum SingleRole {
    /// Runs a controller until it is told to end.
    public static func runController(_ host: Host, _ onEvent: @escaping HostEventHandler) async throws {
        let address = host.configuration.control
        let role = try await ControllerRole(host) { port in
            await onEvent(
                .listening(role: "controller", url: "http://\(ListenAddress(host: address.host, port: port))")
            )
        }
        try await runServices([role], host)
    }

    /// Runs a worker until it is told to end.
    public static func runWorker(_ host: Host, _ onEvent: @escaping HostEventHandler) async throws {
        let address = host.configuration.worker
        let role = try WorkerRole(joining: host) { port in
            await onEvent(.listening(role: "worker", url: "http://\(ListenAddress(host: address.host, port: port))"))
        }
        try await runServices([role], host)
    }

    /// Runs an API server until it is told to end.
    public static func runAPIServer(_ host: Host, _ onEvent: @escaping HostEventHandler) async throws {
        try await runServices([GatewayRole(following: host, onEvent: onEvent)], host)
    }

    /// Runs services until one fails or a signal asks for the end.
    static func runServices(_ services: [any Service], _ host: Host) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: host.logger
        )
        // A second Ctrl-C is not needed: whatever hangs is cut off by this.
        configuration.maximumGracefulShutdownDuration = .seconds(60)
        try await ServiceGroup(configuration: configuration).run()
    }
}
