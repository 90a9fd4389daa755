// SPDX-License-Identifier: MIT

import Logging
import SMMFControlHTTP
import SMMFCore
import SMMFRegistries
import SMMFTesting
import Testing

@testable import SMMFController

@Suite("Controller")
struct ControllerTests {
    let clock = ManualClock()
    let registry: MemoryRegistry
    let store = MemoryMetadataStore()
    let keyStore = MemoryKeyStore()

    init() { registry = MemoryRegistry(clock: clock) }

    func make() async throws -> Controller {
        let clock = clock
        return try await Controller(
            store: store,
            keyStore: keyStore,
            registry: registry,
            catalogue: Controller.Catalogue(engines: ["llama.cpp"], policies: ["least-load"]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            connect: { _ in ScriptedWorker("remote") },
            now: { ManualClock.Instant().duration(to: clock.now) },
            wallClock: { Timestamp(milliseconds: 0) }
        )
    }

    func deployment(_ name: ModelName = .example, source: String = "/m.gguf") -> Deployment {
        Deployment(name: name, backend: .engine(EngineSpec(engine: "llama.cpp", source: source)))
    }

    func join(_ controller: Controller, _ worker: ScriptedWorker) async throws {
        try await controller.join(WorkerStatus(id: worker.id, engines: ["llama.cpp"]), agent: worker)
    }

    @Test("a deployment is placed once, survives a restart, and goes when it is removed")
    func lifecycle() async throws {
        let worker = ScriptedWorker("w")
        let controller = try await make()
        try await join(controller, worker)
        _ = try await controller.deploy(deployment())
        await controller.reconcile()
        await controller.reconcile()
        #expect(await worker.assignments.count == 1)
        #expect(try await controller.model(.example).summary == "ready")

        let next = try await make()
        try await join(next, worker)
        await next.reconcile()
        #expect(await worker.assignments.count == 1, "an instance that runs is not started twice")
        try await next.remove(.example)
        await next.reconcile()
        #expect(await worker.instances.isEmpty)
        #expect(await store.load().deployments.isEmpty)
    }

    @Test("stop, start and restart change what runs")
    func desired() async throws {
        let worker = ScriptedWorker("w")
        let controller = try await make()
        try await join(controller, worker)
        _ = try await controller.deploy(deployment())
        await controller.reconcile()
        let first = await worker.instances.keys.first
        _ = try await controller.setDesired(.offline, of: .example)
        await controller.reconcile()
        #expect(await worker.instances.isEmpty)
        _ = try await controller.setDesired(.online, of: .example)
        await controller.reconcile()
        let second = await worker.instances.keys.first
        #expect(second != nil && second != first)
        _ = try await controller.restart(.example)
        await controller.reconcile()
        #expect(await worker.instances.count == 2, "the new one starts before the old one leaves")
        await controller.reconcile()
        #expect(await worker.instances.count == 1)
        #expect(await worker.instances.keys.first != second)
    }

    @Test("a worker that stays away is lost, and its instances are placed elsewhere")
    func lostWorker() async throws {
        let first = ScriptedWorker("a")
        let second = ScriptedWorker("b")
        let controller = try await make()
        try await join(controller, first)
        _ = try await controller.deploy(deployment())
        await controller.reconcile()
        try await join(controller, second)
        await first.set(away: true)
        clock.advance(by: .seconds(5))
        await controller.reconcile()
        #expect(await second.assignments.isEmpty, "five seconds of silence are no loss")
        clock.advance(by: .seconds(6))
        await controller.reconcile()
        #expect(await second.assignments.count == 1)
    }

    @Test("after a restart nothing is placed until the workers of the last run had time to come back")
    func settles() async throws {
        await store.save(deployment())
        await store.saveWorker(WorkerID("old"), address: Endpoint(host: "127.0.0.1", port: 1))
        let controller = try await make()
        let other = ScriptedWorker("new")
        try await join(controller, other)
        await controller.reconcile()
        #expect(await other.assignments.isEmpty)
        clock.advance(by: .seconds(11))
        try await join(controller, other)
        await controller.reconcile()
        #expect(await other.assignments.count == 1)
    }

    @Test("the configuration file's models follow the file and keep the operator's word")
    func file() async throws {
        let controller = try await make()
        let name = try ModelName("by-hand")
        _ = try await controller.deploy(deployment(name))
        try await controller.applyFile([deployment()])
        _ = try await controller.setDesired(.offline, of: .example)
        await #expect(throws: SMMFError.self) { try await controller.remove(.example) }
        await #expect(throws: SMMFError.self) { try await controller.deploy(deployment(source: "/other.gguf")) }
        try await controller.applyFile([deployment(source: "/new.gguf")])
        let kept = try await controller.model(.example).deployment
        #expect(kept.desired == .offline && kept.generation == 2)
        try await controller.applyFile([])
        #expect(await controller.models().map(\.deployment.name) == [name])
    }

    @Test("bad deployments are refused with the field and a suggestion")
    func refusals() async throws {
        let controller = try await make()
        var wrong = deployment()
        wrong.backend = .engine(EngineSpec(engine: "lama.cpp", source: "/m.gguf"))
        let engine = await #expect(throws: SMMFError.self) { try await controller.deploy(wrong) }
        #expect(engine?.field == "engine" && engine?.nextStep == "Did you mean llama.cpp?")
        wrong = deployment()
        wrong.policy = "leastload"
        let policy = await #expect(throws: SMMFError.self) { try await controller.deploy(wrong) }
        #expect(policy?.field == "policy")
        wrong.policy = "least-load"
        wrong.backend = .route(RouteSpec([try ModelName("nobody")]))
        let route = await #expect(throws: SMMFError.self) { try await controller.deploy(wrong) }
        #expect(route?.field == "route")
        let missing = await #expect(throws: SMMFError.self) { try await controller.model(.example) }
        #expect(missing?.code == .notFound)
    }

    @Test("endpoints and cards are published, and withdrawn when they go")
    func publishes() async throws {
        let controller = try await make()
        var external = deployment()
        external.backend = .endpoints([
            Endpoint(host: "127.0.0.1", port: 9101), Endpoint(host: "127.0.0.1", port: 9102),
        ])
        _ = try await controller.deploy(external)
        await controller.reconcile()
        var update = try await registry.next(after: nil)
        let rows = update.changes.filter { if case .put = $0 { true } else { false } }
        #expect(rows.count == 2)
        #expect(update.changes.contains(.putCard(ModelCard(name: .example))))
        try await controller.remove(.example)
        await controller.reconcile()
        update = try await registry.next(after: nil)
        #expect(update.changes.isEmpty)
    }

    @Test("an instance is described and given orders through the controller")
    func orders() async throws {
        let worker = ScriptedWorker("w")
        let controller = try await make()
        try await join(controller, worker)
        _ = try await controller.deploy(deployment())
        await controller.reconcile()
        let id = try #require(await worker.instances.keys.first)
        #expect(try await controller.describe(id).command == ["/bin/engine"])
        try await controller.perform(.offline, on: id)
        await controller.reconcile()
        await controller.reconcile()
        #expect(await worker.instances.mapValues(\.state) == [id: .stopped])
        try await controller.perform(.online, on: id)
        await controller.reconcile()
        #expect(await worker.instances[id]?.state == .ready)
        try await controller.perform(.drain, on: id)
        await controller.reconcile()
        await controller.reconcile()
        #expect(await worker.instances.count == 1)
        #expect(await worker.instances[id] == nil, "another one takes its place")
        await #expect(throws: SMMFError.self) { try await controller.perform(.drain, on: InstanceID("nobody")) }
    }

    @Test("events are numbered and tell the story")
    func events() async throws {
        let controller = try await make()
        _ = try await controller.deploy(deployment())
        let events = await controller.events(after: 0)
        #expect(events.map(\.text) == ["deployed"])
        #expect(await controller.events(after: 1).isEmpty)
    }
}
