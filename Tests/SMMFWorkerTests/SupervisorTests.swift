// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFWorker

@Suite("A supervisor", .timeLimit(.minutes(1)))
struct SupervisorTests {
    @Test("brings an instance up and announces each step")
    func start() async throws {
        let world = try ScriptedWorker()
        try await world.supervisor.assign(ScriptedWorker.order())
        let process = try await world.spawner.next()
        let ready = try #require(await world.registry.next(.ready))
        let states = await world.registry.entries.map {
            if case .put(let row) = $0 { row.state } else { InstanceState.failed }
        }
        #expect(states == [.starting, .loading, .warming, .ready])
        let port = try #require(ready.endpoint?.port)
        #expect(process.command.arguments == ["/bin/engine", "\(port)", "m", "m-1"])
        #expect(process.command.environment["SMMF_INSTANCE"] == "m-1")
        #expect(process.command.environment["SMMF_WORKER"]?.hasPrefix("scripted-") == true)
        #expect(ready.endpoint?.host == "127.0.0.1")
        #expect(ready.processID == process.processID)
        #expect(ready.generation == 3)
        #expect(ready.version == 4)
        #expect(world.probe.change { $0.tokensAsked } == 1)
    }

    @Test("waits for an engine that does not answer yet, at most a second between two looks")
    func slowStart() async throws {
        let world = try ScriptedWorker()
        world.probe.change { $0.isReady = false }
        try await world.supervisor.assign(ScriptedWorker.order())
        await world.registry.next(.loading)
        for _ in 0..<20 { try await world.advance(by: .seconds(1), sleepers: 2) }
        try await world.advance(by: .seconds(1), sleepers: 2) { world.probe.change { $0.isReady = true } }
        await world.registry.next(.ready)
    }

    @Test("another program that answers on the port is not taken for the engine")
    func stranger() async throws {
        let world = try ScriptedWorker()
        world.probe.change { $0.models = #"{"data":[{"id":"another"}]}"# }
        try await world.supervisor.assign(ScriptedWorker.order())
        await world.registry.next(.loading)
        try await world.advance(by: .milliseconds(50), sleepers: 2)
        try await world.advance(by: .milliseconds(100), sleepers: 2) {
            world.probe.change { $0.models = #"{"data":[{"id":"m"}]}"# }
        }
        await world.registry.next(.ready)
        let states = await world.registry.entries.map {
            if case .put(let row) = $0 { row.state } else { InstanceState.failed }
        }
        #expect(states == [.starting, .loading, .warming, .ready])
    }

    @Test("an assignment that is repeated changes nothing")
    func idempotence() async throws {
        let world = try ScriptedWorker()
        _ = try await world.startReady()
        try await world.supervisor.assign(ScriptedWorker.order())
        try await world.supervisor.release(InstanceID("unknown"))
        #expect(world.spawner.count == 1)
        #expect(try await world.supervisor.status().instances.map(\.state) == [.ready])
        #expect(try await world.supervisor.status().engines == ["openai-compatible"])
    }

    @Test("reads why an engine ended from what it said in this run, and starts it again after a pause")
    func crash() async throws {
        let world = try ScriptedWorker()
        let first = try await world.startReady()
        first.print(["loading", "CUDA error: out of memory"])
        first.end(.ended(.code(1)))
        let failed = try #require(await world.registry.next(.failed))
        #expect(failed.failure?.kind == .outOfMemory)
        #expect(failed.failure?.evidence == ["CUDA error: out of memory"])
        #expect(failed.endpoint == nil && failed.processID == nil)
        try await world.advance(by: .milliseconds(249), sleepers: 1)
        #expect(world.spawner.count == 1)
        try await world.advance(by: .milliseconds(1), sleepers: 1)
        let second = try await world.spawner.next()
        let ready = try #require(await world.registry.next(.ready))
        #expect(ready.restarts == 1)
        #expect(second.command.arguments != first.command.arguments, "a port is not used twice in a row")
        second.end(.ended(.signal(9)))
        let killed = try #require(await world.registry.next(.failed))
        #expect(killed.failure?.kind == .killed, "the first run's output does not explain the second's end")
    }

    @Test("a context that does not fit is tried once more with the one that the engine names")
    func fittingContext() async throws {
        let world = try ScriptedWorker(programs: ["vllm": "/bin/sh"])
        world.probe.change { $0.isReady = false }
        var order = try ScriptedWorker.order(engine: "vllm")
        order.spec = EngineSpec(engine: "vllm", source: "/m", context: 100_000)
        try await world.supervisor.assign(order)
        let contexts = ["100000", "4096", "4096"]
        let fits = "the estimated maximum model length is 4096."
        for (attempt, context) in contexts.enumerated() {
            let process = try await world.spawner.next()
            let arguments = process.command.arguments
            let mark = try #require(arguments.firstIndex(of: "--max-model-len"))
            #expect(arguments[mark + 1] == context, "attempt \(attempt)")
            await world.registry.next(.loading)
            // A second text must not lower it again: then the context alone is not the cause.
            process.print([attempt == 0 ? fits : fits.replacing("4096", with: "2048")])
            process.end(.ended(.code(1)))
            let failed = try #require(await world.registry.next(.failed))
            #expect(failed.failure?.kind == .outOfMemory)
            guard attempt < contexts.count - 1 else { break }
            try await world.advance(by: .seconds(1), sleepers: 1)
        }
    }

    @Test("a program that is not there fails for good, with what to do")
    func missingProgram() async throws {
        let world = try ScriptedWorker()
        world.spawner.failNext(.program(number: 2, text: "No such file or directory"))
        try await world.supervisor.assign(ScriptedWorker.order())
        let failed = try #require(await world.registry.next(.failed))
        #expect(failed.failure?.kind == .engineMissing)
        #expect(failed.failure?.message.contains("/bin/engine") == true)
        #expect(world.clock.sleepers == 0)
        try await world.supervisor.perform(.restart, on: InstanceID("m-1"))
        await world.registry.next(.ready)
    }

    @Test("an engine that is not installed, or unknown, fails for good, with what to do")
    func missingEngine() async throws {
        let world = try ScriptedWorker()
        try await world.supervisor.assign(ScriptedWorker.order("a", engine: "llama.cpp"))
        let missing = try #require(await world.registry.next(.failed)?.failure)
        #expect(missing.kind == .engineMissing)
        #expect(missing.nextStep == "Run `smmf engine install llama.cpp`, or put llama-server on PATH.")
        try await world.supervisor.assign(ScriptedWorker.order("b", engine: "lama"))
        let unknown = try #require(await world.registry.next(.failed)?.failure)
        #expect(unknown.message.contains("lama"))
        #expect(unknown.nextStep?.contains("llama.cpp, openai-compatible") == true)
        #expect(world.spawner.count == 0)
    }

    @Test("drains before it ends a process, and withdraws the row when nothing is left")
    func release() async throws {
        let world = try ScriptedWorker()
        world.probe.setLoad(running: 0, tokens: 5)
        let process = try await world.startReady()
        world.probe.setLoad(running: 1, tokens: 6)
        try await world.supervisor.release(InstanceID("m-1"))
        await world.registry.next(.draining)
        try await world.advance(by: .seconds(1), sleepers: 2)
        for _ in 0..<3 { try await world.advance(by: .milliseconds(250), sleepers: 2) }
        try await world.advance(by: .milliseconds(250), sleepers: 2) { world.probe.setLoad(running: 0, tokens: 9) }
        try await world.advance(by: .milliseconds(250), sleepers: 2)
        #expect(try await process.nextRequest() == .stop(.seconds(5)))
        #expect(try await world.supervisor.status().instances.map(\.state) == [.draining])
        process.end(.ended(.signal(15)))
        await world.registry.next(.stopped)
        #expect(await world.registry.next { _ in true } == .withdrawn(InstanceID("m-1")))
        #expect(try await world.supervisor.status().instances.isEmpty)
        await #expect(throws: SMMFError.self) { try await world.supervisor.perform(.restart, on: InstanceID("m-1")) }
        await #expect(throws: SMMFError.self) {
            try await world.supervisor.logs(of: InstanceID("m-1"), after: 0, limit: 1)
        }
    }

    @Test("requests that do not finish are cut when the drain deadline has passed")
    func drainDeadline() async throws {
        let world = try ScriptedWorker()
        let process = try await world.startReady()
        world.probe.setLoad(running: 1, tokens: 6)
        try await world.supervisor.release(InstanceID("m-1"))
        await world.registry.next(.draining)
        try await world.advance(by: .seconds(30), sleepers: 2)
        #expect(try await process.nextRequest() == .stop(.seconds(5)))
    }

    @Test("a guard that does not end its process is given up, and the instance ends all the same")
    func stuckGuard() async throws {
        let world = try ScriptedWorker()
        let process = try await world.startReady()
        try await world.supervisor.release(InstanceID("m-1"))
        await world.registry.next(.draining)
        try await world.advance(by: .seconds(1), sleepers: 2)
        try await world.advance(by: .seconds(2), sleepers: 2)
        #expect(try await process.nextRequest() == .stop(.seconds(5)))
        try await world.advance(by: .seconds(15), sleepers: 1)
        #expect(try await process.nextRequest() == .abandon)
        process.end(.guardLost(signal: 9))
        await world.registry.next(.stopped)
    }

    @Test("a stop that overtakes the launch ends the process as soon as it is there")
    func stopDuringLaunch() async throws {
        let gate = Gate()
        let world = try ScriptedWorker(spawner: ScriptedSpawner(gate: { try await gate.wait() }))
        try await world.supervisor.assign(ScriptedWorker.order())
        try await gate.wait(untilWaiters: 1)
        try await world.supervisor.release(InstanceID("m-1"))
        await world.registry.next(.draining)
        gate.open()
        let process = try await world.spawner.next()
        #expect(try await process.nextRequest() == .stop(.zero))
        process.end(.ended(.signal(9)))
        await world.registry.next(.stopped)
        #expect(await world.registry.next { _ in true } == .withdrawn(InstanceID("m-1")))
    }

    @Test("a restart replaces the process, and only after the old one is gone")
    func restart() async throws {
        let world = try ScriptedWorker()
        let first = try await world.startReady()
        try await world.supervisor.perform(.restart, on: InstanceID("m-1"))
        await world.registry.next(.draining)
        try await world.advance(by: .seconds(1), sleepers: 2)
        try await world.advance(by: .seconds(2), sleepers: 2)
        #expect(try await first.nextRequest() == .stop(.seconds(5)))
        #expect(world.spawner.count == 1)
        first.end(.ended(.signal(15)))
        let second = try await world.spawner.next()
        let ready = try #require(await world.registry.next(.ready))
        #expect(ready.processID == second.processID)
        #expect(ready.restarts == 0)
    }

    @Test("keeps numbered output over several runs")
    func logs() async throws {
        let world = try ScriptedWorker()
        let process = try await world.startReady()
        process.print(["one", "two"])
        process.print(["three"])
        let page = try await world.supervisor.logs(of: InstanceID("m-1"), after: 1, limit: 10)
        #expect(page == LogPage(lines: ["two", "three"], first: 2, last: 3))
    }

    @Test("shows what the engine says about loading")
    func progress() async throws {
        let world = try ScriptedWorker()
        world.probe.change { $0.isReady = false }
        let program = try world.folder.write("#!/bin/sh\n", to: "llama-server")
        let locator = EngineLocator(data: world.folder.path, overrides: ["llama.cpp": program], searchPath: "")
        var parts = await world.supervisor.parts
        parts.locator = locator
        #expect(locator.program(for: parts.engines[1]) == nil, "a file that may not be run is no program")
        makeExecutable(program)
        let supervisor = Supervisor(parts, spawner: world.spawner)
        try await supervisor.assign(ScriptedWorker.order(engine: "llama.cpp"))
        let process = try await world.spawner.next()
        #expect(process.command.arguments.first == program)
        await world.registry.next(.loading)
        process.print(["0.00.011.117 I srv    load_model: loading model 'tiny.gguf'"])
        let row = try #require(await world.registry.next(.loading))
        #expect(row.detail == "reading the model file")
    }

    @Test("gives a start more time while its output shows progress, and tells its last lines when that ends")
    func movingDeadline() async throws {
        let world = try ScriptedWorker()
        world.probe.change { $0.isReady = false }
        try await world.supervisor.assign(ScriptedWorker.order())
        let process = try await world.spawner.next()
        await world.registry.next(.loading)
        for percent in 1...4 {
            process.print(["loading \(percent * 10) %"])
            if percent > 1 {
                let row = try #require(await world.registry.next(.loading))
                #expect(row.progress == Double(percent) / 10)
            } else {
                // The first of a kind is news, which nobody is told of.
                try await eventually("the deadline has moved") {
                    await world.supervisor.instances[InstanceID("m-1")]?.tasks[.timer(.start)] != nil
                }
            }
            for _ in 0..<100 { try await world.advance(by: .seconds(1), sleepers: 2) }
        }
        process.print(["loading 40 %"])
        for _ in 0..<20 { try await world.advance(by: .seconds(1), sleepers: 2) }
        #expect(try await process.nextRequest() == .stop(.seconds(5)))
        process.print(["ending"])
        process.end(.ended(.signal(15)))
        let failure = try #require(await world.registry.next(.failed)?.failure)
        #expect(failure.kind == .startTimeout)
        #expect(failure.evidence.suffix(2) == ["loading 40 %", "loading 40 %"], "\(failure)")
    }
}
