// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFWorker

@Suite("A supervisor's care", .timeLimit(.minutes(1)))
struct SupervisorHealthTests {
    static let silence = InstanceFailure(.unresponsive, "no token")

    @Test("an engine whose tokens move is never asked for one more, however busy it is")
    func busyWithTokens() async throws {
        let world = try ScriptedWorker()
        world.probe.setLoad(running: 4, tokens: 1, waiting: 100)
        _ = try await world.startReady()
        world.probe.change { $0.token = Self.silence }
        for tokens in 2..<30 {
            try await world.advance(by: .seconds(5), sleepers: 1) {
                world.probe.setLoad(running: 4, tokens: tokens, waiting: 100)
            }
        }
        try await world.clock.waitForSleepers(1)
        #expect(world.probe.change { $0.tokensAsked } == 1)
        #expect(try await world.supervisor.status().instances.map(\.state) == [.ready])
    }

    @Test("an engine that hangs behind a good /health is found out and replaced")
    func hang() async throws {
        let world = try ScriptedWorker()
        world.probe.setLoad(running: 1, tokens: 1)
        let process = try await world.startReady()
        try await world.advance(by: .seconds(5), sleepers: 1)
        try await world.advance(by: .seconds(5), sleepers: 1) { world.probe.change { $0.token = Self.silence } }
        let suspect = try #require(await world.registry.next(.suspect))
        #expect(suspect.failure == Self.silence)
        try await world.advance(by: .seconds(30), sleepers: 2)
        #expect(try await process.nextRequest() == .stop(.seconds(5)))
        process.end(.ended(.signal(9)))
        #expect(await world.registry.next(.failed)?.failure == Self.silence)
    }

    @Test("a suspect that gives a token again serves again")
    func recovery() async throws {
        let world = try ScriptedWorker()
        _ = try await world.startReady()
        world.probe.change { ($0.isReady, $0.token) = (false, Self.silence) }
        try await world.advance(by: .seconds(5), sleepers: 1)
        await world.registry.next(.suspect)
        world.probe.change { ($0.isReady, $0.token) = (false, nil) }
        try await world.advance(by: .seconds(1), sleepers: 2)
        await world.registry.next(.ready)
    }

    @Test("an engine that works on a long prompt, with the processor and without tokens, is not killed for it")
    func longPrompt() async throws {
        let world = try ScriptedWorker()
        world.probe.setLoad(running: 1, tokens: 1)
        let process = try await world.startReady()
        try await world.advance(by: .seconds(5), sleepers: 1)
        try await world.clock.waitForSleepers(1)
        world.probe.change { $0.token = Self.silence }
        for look in 1...60 {
            try await world.advance(by: .seconds(5), sleepers: 1) { process.setProcessorTime(UInt64(look * 100)) }
        }
        try await world.clock.waitForSleepers(1)
        #expect(try await world.supervisor.status().instances.map(\.state) == [.ready])
        process.setProcessorTime(6000)
        try await world.advance(by: .seconds(5), sleepers: 1)
        await world.registry.next(.suspect)
    }

    @Test("leases are renewed, and rows that a registry lost are announced again")
    func heartbeat() async throws {
        let world = try ScriptedWorker()
        let running = Task { await world.supervisor.run() }
        let process = try await world.startReady()
        await world.registry.forgetRows()
        try await world.advance(by: .seconds(3), sleepers: 3)
        await world.registry.next(.ready)
        running.cancel()
        await world.registry.next(.draining)
        process.end(.ended(.signal(15)))
        await world.registry.next(.stopped)
        await running.value
        #expect(await world.registry.rows.isEmpty)
        await #expect(throws: SMMFError.self) { try await world.supervisor.assign(ScriptedWorker.order("late")) }
    }

    @Test("a registry that is away stops nothing and gets everything when it is back")
    func registryAway() async throws {
        let world = try ScriptedWorker()
        let running = Task { await world.supervisor.run() }
        await world.registry.fail(with: .unavailable("away"))
        try await world.supervisor.assign(ScriptedWorker.order())
        let process = try await world.spawner.next()
        try await world.advance(by: .seconds(3), sleepers: 3)
        try await world.clock.waitForSleepers(3)
        #expect(await world.registry.entries.isEmpty)
        await world.registry.fail(with: nil)
        try await world.advance(by: .seconds(3), sleepers: 3)
        await world.registry.next(.ready)
        process.end(.ended(.code(0)))
        await world.registry.next(.failed)
        await world.supervisor.shutDown()
        await running.value
    }

    @Test("a row of an earlier life that has a greater number is overtaken")
    func outdated() async throws {
        let world = try ScriptedWorker()
        let old = Instance(id: InstanceID("m-1"), model: try ModelName("m"), state: .ready, version: 1000)
        try await world.registry.announce(old, lease: nil)
        await world.registry.next(.ready)
        let running = Task { await world.supervisor.run() }
        try await world.supervisor.assign(ScriptedWorker.order())
        _ = try await world.spawner.next()
        try await world.advance(by: .seconds(3), sleepers: 3)
        let row = try #require(await world.registry.next(.ready))
        #expect(row.version > 1000)
        #expect(row.worker != nil)
        running.cancel()
    }

    @Test("the load of a serving instance reaches its row")
    func load() async throws {
        let world = try ScriptedWorker()
        let running = Task { await world.supervisor.run() }
        _ = try await world.startReady()
        world.probe.setLoad(running: 2, tokens: 40, waiting: 1)
        try await world.advance(by: .seconds(3), sleepers: 3)
        let row = try #require(await world.registry.next(.ready))
        #expect(row.load == LoadRecord(running: 2, waiting: 1, generatedTokens: 40))
        running.cancel()
    }
}
