// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

/// Slots, waiting, cancelling, and what is counted of them.
@Suite(.timeLimit(.minutes(1))) struct SimulatorSlotTests {
    private func holding(slots: Int) -> SimulatorScript {
        var script = SimulatorScript()
        script.slots = slots
        script.holdAfter = 1
        return script
    }

    private func start(_ count: Int, on engine: SimulatedEngine) async throws -> [WireClient] {
        var clients: [WireClient] = []
        for _ in 0..<count {
            let client = try await WireClient.connect(to: engine.port)
            try await client.send(post("/v1/chat/completions", streamedChat))
            clients.append(client)
        }
        return clients
    }

    @Test func `more requests than slots wait, and get the slots that become free`() async throws {
        try await SimulatedEngine.running(holding(slots: 2)) { engine in
            let clients = try await start(5, on: engine)
            var stats = try await engine.stats { $0.held == 2 && $0.waiting == 3 }
            #expect(stats.active == 2)
            let metrics = try await exchange(engine, get("/metrics")).body
            #expect(metrics.contains("\nllamacpp:requests_processing 2\n"))
            #expect(metrics.contains("\nllamacpp:requests_deferred 3\n"))
            engine.release()
            stats = try await engine.stats { $0.finished == 2 && $0.held == 2 }
            #expect(stats.waiting == 1)
            engine.release()
            try await engine.stats { $0.held == 1 && $0.finished == 4 }
            engine.release()
            stats = try await engine.stats { $0.finished == 5 }
            #expect(stats.peakActive == 2)
            #expect(stats.active == 0)
            #expect(stats.waiting == 0)
            #expect(stats.tokens == 5 * 16)
            for client in clients { await client.close() }
        }
    }

    @Test func `a client that leaves is counted, in a slot or waiting, and gives the slot back`() async throws {
        try await SimulatedEngine.running(holding(slots: 1)) { engine in
            let clients = try await start(1, on: engine)
            try await engine.stats { $0.held == 1 }
            let waiting = try await start(2, on: engine)
            try await engine.stats { $0.waiting == 2 }
            await waiting[0].close()
            try await engine.stats { $0.waiting == 1 && $0.cancelled == 1 }
            await clients[0].close()
            // The last one gets the slot, and stops at its first token.
            let stats = try await engine.stats { $0.cancelled == 2 && $0.held == 1 }
            #expect(stats.active == 1)
            #expect(stats.tokens == 2)
            await waiting[1].close()
            let end = try await engine.stats { $0.openConnections == 0 }
            #expect(end.cancelled == 3)
            #expect(end.started == 3)
            #expect(end.active == 0)
        }
    }

    @Test func `a full queue answers 503`() async throws {
        var script = holding(slots: 1)
        script.queueLimit = 1
        try await SimulatedEngine.running(script) { engine in
            let clients = try await start(1, on: engine)
            try await engine.stats { $0.active == 1 }
            let waiting = try await start(1, on: engine)
            try await engine.stats { $0.waiting == 1 }
            let refused = try await exchange(engine, post("/v1/chat/completions", streamedChat))
            #expect(refused.head.hasPrefix("HTTP/1.1 503 "))
            #expect(engine.stats.started == 2)
            for client in clients + waiting { await client.close() }
        }
    }

    @Test func `more slots at run time let waiting requests in`() async throws {
        try await SimulatedEngine.running(holding(slots: 1)) { engine in
            let clients = try await start(3, on: engine)
            try await engine.stats { $0.held == 1 && $0.waiting == 2 }
            try await engine.update { $0.slots = 3 }
            try await engine.stats { $0.held == 3 && $0.waiting == 0 }
            for client in clients { await client.close() }
        }
    }

    @Test func `many clients, a third of them leaving, end at zero`() async throws {
        try await SimulatedEngine.running(holding(slots: 64)) { engine in
            let clients = try await start(90, on: engine)
            try await engine.stats { $0.held == 64 && $0.waiting == 26 }
            for client in clients.prefix(30) { await client.close() }
            try await engine.stats { $0.cancelled == 30 && $0.held == 60 }
            engine.release()
            let stats = try await engine.stats { $0.finished == 60 }
            #expect(stats.active == 0)
            #expect(stats.waiting == 0)
            #expect(stats.started == 90)
            for client in clients { await client.close() }
            try await engine.stats { $0.openConnections == 0 }
        }
    }
}
