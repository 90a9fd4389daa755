// SPDX-License-Identifier: MIT

import Logging
import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore
import SMMFRegistries
import SMMFWorker
public import ServiceLifecycle

/// The worker with its API, as a service.
public struct WorkerRole: Service {
    let supervisor: Supervisor
    private let server: ControlServer
    private let membership: @Sendable (Int) async -> Void
    private let listening: AsyncStream<Int>
    private let lock: FolderLock

    /// Creates the role. With a registry it belongs to a controller in this process; without, it announces its
    /// instances to the controller that the configuration names, and joins it.
    init(
        _ host: Host,
        registry: (any Registry)?,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws {
        let folder = try DataFolder(host.configuration.data)
        lock = try FolderLock(folder, role: "worker")
        let supervisor = Supervisor(
            id: try folder.workerID(host: Host.name),
            data: folder.path,
            guardProgram: host.guardProgram,
            engines: Plugins.engines,
            locator: EngineLocator(data: folder.path, overrides: host.configuration.enginePrograms),
            registry: registry ?? ControllerRegistry(client: host.controllerClient),
            probe: HTTPEngineProbe(http: PlainHTTP(http: host.http)),
            memoryBudget: host.configuration.memoryBudget.map { $0 << 20 },
            logger: host.logger
        )
        self.supervisor = supervisor
        let isRemote = registry == nil
        membership = { port in
            guard isRemote else { return }
            await ControllerMembership(
                worker: supervisor,
                address: Endpoint(host: host.configuration.worker.host, port: port),
                controller: host.controllerClient,
                logger: host.logger
            ).run()
        }
        let (listening, report) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.listening = listening
        let routes = WorkerAPI.routes(supervisor) + [ControllerRole.health]
        let document = OpenAPIDocument.route(title: "SMMF worker", version: SMMFVersion.text, for: routes)
        server = ControlServer(
            routes: routes + [document],
            address: host.configuration.worker,
            token: host.configuration.token,
            logger: host.logger
        ) { port in
            report.yield(port)
            report.finish()
            await onListening(port)
        }
    }

    /// Creates the role for a controller in another process.
    public init(
        joining host: Host,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws {
        try self.init(host, registry: nil, onListening: onListening)
    }

    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask { await cancelWhenGracefulShutdown { await supervisor.run() } }
            group.addTask {
                await cancelWhenGracefulShutdown { for await port in listening { await membership(port) } }
            }
            // The API goes when its server ends, but the process stays until every engine has ended.
            do {
                try await group.waitForAll()
            } catch {
                await supervisor.shutDown()
                throw error
            }
        }
        withExtendedLifetime(lock) {}
    }
}
