// SPDX-License-Identifier: MIT

import Logging
import SMMFConfiguration
import SMMFControlHTTP
import SMMFController
import SMMFCore
import SMMFRegistries
import SMMFWorker
public import ServiceLifecycle

/// The controller with its registry and its API, as a service.
public struct ControllerRole: Service {
    let controller: Controller
    let registry: any Registry
    private let server: ControlServer
    private let lock: FolderLock

    /// How often the world is looked at without any news.
    private static let tick: Duration = .seconds(1)

    /// Creates the role: takes the data folder, loads the desired state and applies the configuration's models.
    public init(
        _ host: Host,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        let folder = try DataFolder(host.configuration.data)
        lock = try FolderLock(folder, role: "controller")
        let registry = MemoryRegistry()
        let token = host.configuration.token
        let start = host.clock.now
        let clock = host.clock
        let controller = try await Controller(
            store: Self.store(folder, logger: host.logger),
            keyStore: Plugins.keyStores[0].open(folder.database),
            registry: registry,
            catalogue: Controller.Catalogue(
                engines: Plugins.engines.map(\.name),
                parkingEngines: Plugins.engines.filter { $0 is any ParkingEngine }.map(\.name),
                providers: Plugins.providers,
                policies: Plugins.policies.map(\.name)
            ),
            memoryBudget: host.configuration.memoryBudget.map { $0 << 20 },
            predict: MemoryPredictor.bytes,
            logger: host.logger,
            connect: { [http = host.http] in RemoteWorker(client: ControlClient(base: $0, token: token, http: http)) },
            now: { start.duration(to: clock.now) },
            wallClock: { .systemTime }
        )
        try await controller.applyFile(host.configuration.models, found: host.configuration.found)
        self.registry = registry
        self.controller = controller
        let routes =
            ControllerAPI.routes(controller) + RegistryAPI.routes(registry, revealsSecrets: token != nil) + [
                Self.health
            ]
        let document = OpenAPIDocument.route(title: "SMMF controller", version: SMMFVersion.text, for: routes)
        server = ControlServer(
            routes: routes + [document],
            address: host.configuration.control,
            token: token,
            logger: host.logger,
            onListening: onListening
        )
    }

    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask {
                await cancelWhenGracefulShutdown { await controller.run(ticks: Self.ticks()) }
            }
            // Both end by themselves at a shutdown; an error of one ends the other.
            try await group.waitForAll()
        }
        withExtendedLifetime(lock) {}
    }

    static let health = ControlRoute(
        .get,
        "/health",
        "Says that the server is up.",
        answer: ControlSchema("Health", example: ["status": "ok"])
    ) { _ in try .json(["status": "ok"]) }

    private static func ticks() -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let task = Task {
                while !Task.isCancelled {
                    continuation.yield()
                    try? await Task.sleep(for: tick)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private static func store(_ folder: DataFolder, logger: Logger) throws -> any MetadataStore {
        #if SQLite
        return try SQLiteMetadataStore(path: folder.database)
        #else
        logger.notice("built without SQLite: deployments made by hand are forgotten at exit")
        return MemoryMetadataStore()
        #endif
    }
}
