// SPDX-License-Identifier: MIT

import Logging
import SMMFAssembly
import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore
import SMMFTesting
import ServiceLifecycle

/// Fleets of roles in this process.
enum RoleFleet {
    static func standalone(
        _ folder: TemporaryFolder,
        _ configuration: String,
        _ http: SharedHTTP,
        _ body: @escaping @Sendable (TestFleet) async throws -> Void
    ) async throws {
        let addresses = Addresses()
        let host = try host(folder.path, configuration)
        try await whileRunning(
            [{ try await Standalone(host).services { await addresses.note($0) } }],
            body: { try await body(fleet(addresses, folder, http)) }
        )
    }

    static func cluster(
        _ folder: TemporaryFolder,
        _ configuration: String,
        _ http: SharedHTTP,
        _ body: @escaping @Sendable (TestFleet) async throws -> Void
    ) async throws {
        let addresses = Addresses()
        let controllerHost = try host(folder.path, configuration)
        @Sendable func following() async throws -> Host {
            var next = try host(folder.path, "").configuration
            next.control = ListenAddress(port: try await addresses.port(of: "controller"))
            return Host(configuration: next, guardProgram: BuildProducts.guardProgram, logger: logger)
        }
        try await whileRunning(
            [
                {
                    [
                        try await ControllerRole(controllerHost) { port in
                            await addresses.note(.listening(role: "controller", url: "http://127.0.0.1:\(port)"))
                        }
                    ]
                },
                { [try WorkerRole(joining: try await following())] },
                { [GatewayRole(following: try await following()) { await addresses.note($0) }] },
            ],
            body: { try await body(fleet(addresses, folder, http)) }
        )
    }

    /// Runs each group of services until `body` has ended, then ends them as a signal would, the last first.
    private static func whileRunning(
        _ makers: [@Sendable () async throws -> [any Service]],
        body: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            let stop = Gate()
            for make in makers {
                tasks.addTask {
                    let group = ServiceGroup(services: try await make(), logger: logger)
                    try await withThrowingTaskGroup(of: Void.self) { running in
                        running.addTask { try await group.run() }
                        running.addTask {
                            try await stop.wait()
                            await group.triggerGracefulShutdown()
                        }
                        try await running.waitForAll()
                    }
                }
            }
            tasks.addTask {
                do {
                    try await body()
                } catch {
                    stop.open()
                    throw error
                }
                stop.open()
            }
            try await tasks.waitForAll()
        }
    }

    private static func fleet(
        _ addresses: Addresses,
        _ folder: TemporaryFolder,
        _ http: SharedHTTP
    ) async throws -> TestFleet {
        TestFleet(
            api: Endpoint(host: "127.0.0.1", port: try await addresses.port(of: "API server")),
            control: Endpoint(host: "127.0.0.1", port: try await addresses.port(of: "controller")),
            folder: folder.path,
            processes: FleetProcesses(),
            http: http
        )
    }

    private static let logger = Logger(label: "fleet") { _ in SwiftLogNoOpLogHandler() }

    private static func host(_ folder: String, _ text: String) throws -> Host {
        var configuration = try ConfigurationFile.parse(text, file: "fleet.toml", environment: [:])
        configuration.api = ListenAddress(port: 0)
        configuration.control = ListenAddress(port: 0)
        configuration.worker = ListenAddress(port: 0)
        configuration.data = folder
        return Host(configuration: configuration, guardProgram: BuildProducts.guardProgram, logger: logger)
    }
}

/// The ports that roles came to listen on.
actor Addresses {
    private var ports: [String: Int] = [:]

    func note(_ event: HostEvent) {
        guard case .listening(let role, let url) = event, let port = url.split(separator: ":").last.flatMap({ Int($0) })
        else { return }
        ports[role] = port
    }

    func port(of role: String) async throws -> Int {
        try await eventually("the \(role) listens") { ports[role] != nil }
        return ports[role] ?? 0
    }
}
