// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

/// Every fault, as a client sees it.
@Suite(.timeLimit(.minutes(1))) struct SimulatorFaultTests {
    private func script(_ fault: SimulatorFault, after tokens: Int?) -> SimulatorScript {
        var script = SimulatorScript()
        script.fault = fault
        script.faultAfter = tokens
        return script
    }

    @Test(arguments: [nil, 0, 3]) func `a hang keeps the connection open and says no more`(_ after: Int?) async throws {
        try await SimulatedEngine.running(script(.hang, after: after)) { engine in
            let client = try await WireClient.connect(to: engine.port)
            try await client.send(post("/v1/chat/completions", streamedChat))
            try await engine.stats { $0.hanging == 1 }
            #expect(engine.stats.active == 1)
            #expect(engine.stats.tokens == after ?? 0)
            if after != nil {
                let marks = after == 3 ? ["HTTP/1.1 200 OK", "tok2"] : ["HTTP/1.1 200 OK", "\r\n\r\n"]
                let seen = await client.read { text in marks.allSatisfy { text.contains($0) } }
                #expect(seen.ending == nil)
                #expect(!seen.text.contains("tok3"))
            }
            await client.close()
            let stats = try await engine.stats { $0.active == 0 }
            #expect(stats.cancelled == 1)
            #expect(stats.hanging == 0)
            #expect(stats.finished == 0)
        }
    }

    @Test(arguments: [SimulatorFault.reset, .fin], [nil, 0, 3])
    func `a stream breaks off with a reset or a clean close`(_ fault: SimulatorFault, _ after: Int?) async throws {
        try await SimulatedEngine.running(script(fault, after: after)) { engine in
            let reply = try await exchange(engine, post("/v1/chat/completions", streamedChat))
            #expect(reply.transcript.ending == (fault == .reset ? .reset : .fin))
            #expect(reply.head.isEmpty == (after == nil))
            #expect(reply.events.count == after ?? 0)
            #expect(after == nil || !reply.isComplete)
            #expect(engine.stats.faulted == 1)
            #expect(engine.stats.active == 0)
        }
    }

    @Test func `a reply in one piece breaks in its middle`() async throws {
        try await SimulatedEngine.running(script(.fin, after: 1)) { engine in
            let reply = try await exchange(engine, post("/v1/chat/completions", plainChat))
            let length = try #require(reply.head.split(separator: "content-length: ").last?.prefix { $0.isNumber })
            #expect(try #require(Int(length)) > reply.rawBody.count)
            #expect(!reply.rawBody.isEmpty)
        }
    }

    @Test func `an exit ends all connections and closes the port`() async throws {
        try await SimulatedEngine.running(script(.exit, after: 2)) { engine in
            let bystander = try await WireClient.connect(to: engine.port)
            let reply = try await exchange(engine, post("/v1/chat/completions", streamedChat))
            #expect(reply.transcript.ending == .reset)
            #expect(reply.events.count == 2)
            #expect(await bystander.readToEnd().ending == .reset)
            await #expect(throws: (any Error).self) { try await WireClient.connect(to: engine.port) }
        }
    }

    @Test func `an error inside a 200 is an event, first or later, and the stream ends without its mark`() async throws
    {
        for after in [0, 3] {
            try await SimulatedEngine.running(script(.error, after: after)) { engine in
                let reply = try await exchange(engine, post("/v1/chat/completions", streamedChat))
                #expect(reply.head.hasPrefix("HTTP/1.1 200 "))
                #expect(reply.events.count == after + 1)
                #expect(reply.events.last?.hasPrefix(#"{"error":{"code":500,"message":"simulated failure""#) == true)
                #expect(reply.isComplete)
                #expect(engine.stats.finished == 1)
            }
        }
    }

    @Test func `an error inside a 200 is also a body, and before the head a 500`() async throws {
        try await SimulatedEngine.running(script(.error, after: 0)) { engine in
            let body = try await exchange(engine, post("/v1/chat/completions", plainChat))
            #expect(body.head.hasPrefix("HTTP/1.1 200 "))
            #expect(body.body.hasPrefix(#"{"error":"#))
            try await engine.update { $0.faultAfter = nil }
            let status = try await exchange(engine, post("/v1/chat/completions", plainChat))
            #expect(status.head.hasPrefix("HTTP/1.1 500 "))
        }
    }

    @Test func `a malformed event stands in a stream that goes on`() async throws {
        try await SimulatedEngine.running(script(.malformed, after: 1)) { engine in
            let reply = try await exchange(engine, post("/v1/chat/completions", streamedChat))
            #expect(reply.chunks.joined().contains(0xFF))
            #expect(reply.events.count == 19)
            #expect(reply.events.last == "[DONE]")
            #expect(reply.isComplete)
            let cut = try await exchange(engine, post("/v1/chat/completions", plainChat))
            #expect(cut.head.contains("content-length: \(cut.rawBody.count)\r\n"))
            #expect(!cut.body.hasSuffix("}"))
        }
    }

    @Test func `garbage stands where HTTP should be`() async throws {
        try await SimulatedEngine.running(script(.garbage, after: nil)) { engine in
            let first = try await exchange(engine, post("/v1/chat/completions", streamedChat))
            #expect(first.transcript.bytes.starts(with: [0x00, 0xFF]))
            #expect(first.transcript.ending == .fin)
            try await engine.update { $0.faultAfter = 2 }
            let later = try await exchange(engine, post("/v1/chat/completions", streamedChat))
            #expect(later.events.count == 2)
            #expect(!later.isComplete)
            #expect(later.transcript.text.hasSuffix("this is not HTTP\r\n\r\n"))
        }
    }

    @Test(arguments: [500, 503, 429]) func `a status comes with an error object`(_ status: Int) async throws {
        var script = SimulatorScript()
        script.status = status
        script.retryAfter = 7
        script.errorMessage = "not today"
        try await SimulatedEngine.running(script) { engine in
            let reply = try await exchange(engine, post("/v1/chat/completions", streamedChat))
            #expect(reply.head.hasPrefix("HTTP/1.1 \(status) "))
            #expect(reply.head.contains("retry-after: 7\r\n"))
            #expect(reply.body.contains(#""message":"not today""#))
            #expect(try await exchange(engine, get("/health")).head.hasPrefix("HTTP/1.1 200 "))
            #expect(engine.stats.finished == 1)
        }
    }

    @Test func `a fault for some requests leaves the others well`() async throws {
        var script = SimulatorScript()
        script.status = 503
        script.faultCount = 2
        try await SimulatedEngine.running(script) { engine in
            var statuses: [String] = []
            for _ in 0..<3 {
                let reply = try await exchange(engine, post("/v1/chat/completions", plainChat))
                statuses.append(String(reply.head.dropFirst(9).prefix(3)))
            }
            #expect(statuses == ["503", "503", "200"])
        }
    }

    @Test func `a header breaks one request alone`() async throws {
        try await SimulatedEngine.running { engine in
            let headers = ["X-Sim-Fault: fin", "x-sim-fault-after: 1"]
            let broken = post("/v1/chat/completions", streamedChat, headers: headers)
            let one = try await exchange(engine, broken)
            let next = try await exchange(engine, post("/v1/chat/completions", streamedChat))
            #expect(one.events.count == 1)
            #expect(next.events.count == 18)
        }
    }
}
