// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFWorker

@Suite("A supervisor and the limits of its instances", .timeLimit(.minutes(1)))
struct SupervisorLimitTests {
    private static let cards = (0..<2).map { Device(index: $0, uuid: "GPU-\($0)", name: "L4", memory: 24 << 30) }

    private func order(_ id: String, _ limits: ResourceLimits) throws -> InstanceAssignment {
        var order = try ScriptedWorker.order(id)
        order.spec.limits = limits
        return order
    }

    @Test("cores, niceness and cards reach the process, and distinct cards two instances")
    func given() async throws {
        let world = try ScriptedWorker(devices: ScriptedDevices(Self.cards))
        let limits = ResourceLimits(cores: .list([1]), devices: .count(1), niceness: 3)
        for (index, id) in ["m-1", "m-2"].enumerated() {
            try await world.supervisor.assign(order(id, limits))
            let process = try await world.spawner.next()
            #expect(process.command.limits == ProcessLimits(cores: [1], niceness: 3))
            #expect(process.command.environment["CUDA_VISIBLE_DEVICES"] == "\(index)")
            #expect(process.command.environment["CUDA_DEVICE_ORDER"] == "PCI_BUS_ID")
            await world.registry.next(.ready)
            let allotment = try await world.supervisor.describe(InstanceID(id)).allotment
            #expect(allotment == Allotment(cores: [1], devices: [index], niceness: 3))
        }
        #expect(try await world.supervisor.status().devices == Self.cards)
        // The third waits until one of the others has ended.
        try await world.supervisor.assign(order("m-3", limits))
        #expect(await world.registry.next(.failed)?.failure?.kind == .resourcesTaken)
    }

    @Test("a core that is not there is refused before anything starts")
    func refused() async throws {
        let world = try ScriptedWorker()
        try await world.supervisor.assign(order("m-1", ResourceLimits(cores: .list([9]))))
        let failure = try #require(await world.registry.next(.failed)?.failure)
        #expect(failure.kind == .badArgument && failure.message.contains("limits.cores names core 9"))
        #expect(world.spawner.count == 0)
    }

    @Test("memory is bounded for each process where there is no control group, and a failure says so")
    func eachProcess() async throws {
        let world = try ScriptedWorker()
        try await world.supervisor.assign(order("m-1", ResourceLimits(memory: 64)))
        let process = try await world.spawner.next()
        #expect(process.command.limits == ProcessLimits(data: 64 << 20))
        await world.registry.next(.ready)
        #expect(try await world.supervisor.describe(InstanceID("m-1")).allotment?.memoryGuard == .eachProcess)
        process.end(.ended(.code(1)))
        let failure = try #require(await world.registry.next(.failed)?.failure)
        #expect(failure.nextStep?.contains("limits.memory lets each of its processes have 64 MB") == true)
    }

    @Test("an engine that the kernel ended for its memory says so, with its limit")
    func overMemory() async throws {
        let world = try ScriptedWorker()
        try await world.supervisor.assign(order("m-1", ResourceLimits(memory: 64)))
        let process = try await world.spawner.next()
        await world.registry.next(.ready)
        process.print(["CUDA error: something else"])
        process.end(.shortOfMemory(.signal(9)))
        let failure = try #require(await world.registry.next(.failed)?.failure)
        #expect(failure.kind == .outOfMemory && failure.message.contains("64 MB"), "\(failure)")
        #expect(failure.evidence == ["CUDA error: something else"])
    }

    @Test("a description tells the command and environment without secrets, the states, and the last failure")
    func describe() async throws {
        let world = try ScriptedWorker()
        var order = try ScriptedWorker.order()
        order.spec.arguments += ["--api-key", "s3cret"]
        order.spec.environment = ["HF_TOKEN": "s3cret", "PLAIN": "yes"]
        try await world.supervisor.assign(order)
        let process = try await world.spawner.next()
        await world.registry.next(.ready)
        let id = InstanceID("m-1")
        var description = try await world.supervisor.describe(id)
        #expect(description.command.first == "/bin/engine" && description.command.last == SecretMask.mask)
        #expect(description.environment["HF_TOKEN"] == SecretMask.mask && description.environment["PLAIN"] == "yes")
        #expect(description.history.map(\.state) == [.pending, .starting, .loading, .warming, .ready])
        #expect(description.logFile.hasSuffix("/logs/m-1.log"))
        process.print(["it burns"])
        process.end(.ended(.code(3)))
        await world.registry.next(.failed)
        description = try await world.supervisor.describe(id)
        #expect(description.instance.failure?.evidence == ["it burns"])
        #expect(description.history.last?.state == .failed)
        #expect(description.command.first == "/bin/engine", "the command of the last run stays to be seen")
        await #expect(throws: SMMFError.self) { try await world.supervisor.describe(InstanceID("nobody")) }
    }

    @Test("an instance is taken offline, stays so, and comes back")
    func offline() async throws {
        let world = try ScriptedWorker()
        let process = try await world.startReady()
        let id = InstanceID("m-1")
        try await world.supervisor.perform(.offline, on: id)
        #expect(await world.registry.next(.draining)?.isKept == true)
        try await world.advance(by: .seconds(1), sleepers: 2)
        try await world.advance(by: .seconds(2), sleepers: 2)
        #expect(try await process.nextRequest() == .stop(.seconds(5)))
        process.end(.ended(.code(0)))
        await world.registry.next(.stopped)
        let conflict = await #expect(throws: SMMFError.self) { try await world.supervisor.perform(.restart, on: id) }
        #expect(conflict?.code == .conflict)
        #expect(try await world.supervisor.status().instances.map(\.state) == [.stopped])
        try await world.supervisor.perform(.online, on: id)
        let row = try #require(await world.registry.next(.ready))
        #expect(row.isKept == nil && world.spawner.count == 2)
    }

    @Test("what an instance holds of the cards is in its row, by the processes that the tool shows")
    func cardMemory() async throws {
        let text = "GPU-0, 1, 4096 MiB\nGPU-1, 1, 512 MiB\nGPU-1, 4711, 9000 MiB\nGPU-0, 1, [N/A]\n"
        let world = try ScriptedWorker(devices: ScriptedDevices(Self.cards, use: NvidiaText.use(text)))
        await world.supervisor.lookAtDevices()
        _ = try await world.startReady()
        let entry = await world.registry.next { entry in
            if case .put(let row) = entry { row.cardMemory != nil } else { false }
        }
        guard case .put(let row) = entry else { return }
        #expect(row.cardMemory == [0: 4096 << 20, 1: 512 << 20])
    }

    @Test("a tool that shows none of our processes tells nothing of what they hold", arguments: [true, false])
    func untold(isIdle: Bool) async throws {
        var cards = Self.cards
        for index in cards.indices { cards[index].used = isIdle ? 3 << 20 : 9 << 30 }
        let world = try ScriptedWorker(devices: ScriptedDevices(cards))
        await world.supervisor.lookAtDevices()
        _ = try await world.startReady()
        _ = await world.supervisor.measureCards()
        #expect(try await world.supervisor.status().instances.first?.cardMemory == (isIdle ? [:] : nil))
    }
}
