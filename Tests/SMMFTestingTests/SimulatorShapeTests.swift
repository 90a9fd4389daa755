// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

/// Odd but legal shapes of streams and framing: the same content must stand in all of them.
@Suite(.timeLimit(.minutes(1))) struct SimulatorShapeTests {
    private func reply(_ headers: String..., body: String = streamedChat) async throws -> WireReply {
        try await SimulatedEngine.running { engine in
            try await exchange(engine, post("/v1/chat/completions", body, headers: headers))
        }
    }

    @Test(arguments: ["1", "3,50"]) func `bytes in small writes are the same bytes`(_ sizes: String) async throws {
        let whole = try await reply("x-sim-tokens: 2")
        let split = try await reply("x-sim-tokens: 2", "x-sim-write-sizes: \(sizes)")
        #expect(split.transcript.bytes == whole.transcript.bytes)
    }

    @Test func `HTTP chunks have the sizes that were asked for, across events`() async throws {
        let whole = try await reply("x-sim-tokens: 2")
        let cut = try await reply("x-sim-tokens: 2", "x-sim-chunk-sizes: 7,1")
        #expect(Array(cut.chunks.prefix(4).map(\.count)) == [7, 1, 7, 1])
        #expect(cut.body == whole.body)
        #expect(whole.chunks.count == 5)
    }

    @Test(arguments: ["chunked", "length", "close", "http10"])
    func `the body's end is told in each way`(_ framing: String) async throws {
        let whole = try await reply()
        let framed = try await reply("x-sim-framing: \(framing)")
        #expect(framed.body == whole.body)
        #expect(framed.isChunked == (framing == "chunked"))
        #expect(framed.head.contains("content-length") == (framing == "length"))
        #expect(framed.head.hasPrefix("HTTP/1.0 ") == (framing == "http10"))
        #expect(framed.transcript.ending == .fin)
    }

    @Test func `a close-delimited body closes though the client would keep the connection`() async throws {
        try await SimulatedEngine.running { engine in
            let client = try await WireClient.connect(to: engine.port)
            try await client.send(post("/v1/chat/completions", streamedChat, headers: ["x-sim-framing: close"]))
            let transcript = await client.readToEnd()
            #expect(transcript.ending == .fin)
            #expect(transcript.text.contains("connection: close\r\n"))
            #expect(transcript.text.hasSuffix("[DONE]\n\n"))
        }
    }

    @Test func `connection close is said and done`() async throws {
        try await SimulatedEngine.running { engine in
            let client = try await WireClient.connect(to: engine.port)
            try await client.send(post("/v1/chat/completions", plainChat, headers: ["x-sim-connection-close: true"]))
            let transcript = await client.readToEnd()
            #expect(transcript.ending == .fin)
            #expect(transcript.text.contains("connection: close\r\n"))
        }
    }

    @Test(arguments: [5, -5]) func `the length can lie`(_ error: Int) async throws {
        let lie = try await reply("x-sim-length-error: \(error)", body: plainChat)
        #expect(lie.head.contains("content-length: \(lie.rawBody.count + error)\r\n"))
    }

    @Test func `a head can be large`() async throws {
        let large = try await reply("x-sim-head-bytes: 20000")
        #expect(large.head.utf8.count == 20_000)
        #expect(large.events.count == 18)
    }

    @Test func `usage stands where it is wanted`() async throws {
        let counts = [("always", 1), ("finish-chunk", 1), ("every-chunk", 17), ("absent", 0)]
        for (place, count) in counts {
            let events = try await reply("x-sim-usage: \(place)").events
            #expect(events.filter { $0.contains("\"usage\":{") }.count == count, "\(place)")
        }
        let finish = try await reply("x-sim-usage: finish-chunk").events
        #expect(finish.first { $0.contains("\"stop\"") }?.contains("\"usage\"") == true)
        #expect(try await !reply("x-sim-usage: absent", body: plainChat).body.contains("usage"))
    }

    @Test func `the end mark can be missing, lines can end with CR LF, and data can be tight`() async throws {
        let unmarked = try await reply("x-sim-done: false")
        #expect(unmarked.events.count == 17)
        #expect(unmarked.isComplete)
        let plain = try await reply().body
        #expect(try await reply("x-sim-crlf: true").body == plain.replacing("\n", with: "\r\n"))
        #expect(try await reply("x-sim-tight: true").body == plain.replacing("data: ", with: "data:"))
    }

    @Test func `comments, blank lines and other fields stand between the events`() async throws {
        let plain = try await reply()
        for (noise, mark) in [("comments", ": keepalive 3\n\n"), ("blanks", "\n\n\ndata: "), ("fields", "id: 3\n")] {
            let noisy = try await reply("x-sim-noise: \(noise)")
            #expect(noisy.body.contains(mark), "\(noise)")
            #expect(noisy.events == plain.events)
        }
    }

    @Test func `an early head comes before the first token`() async throws {
        try await SimulatedEngine.running { engine in
            let client = try await WireClient.connect(to: engine.port)
            let headers = ["x-sim-early-head: true", "x-sim-hold-after: 0"]
            try await client.send(post("/v1/chat/completions", streamedChat, headers: headers))
            try await engine.stats { $0.held == 1 }
            let head = await client.read { $0.hasSuffix("\r\n\r\n") }
            #expect(head.text.hasPrefix("HTTP/1.1 200 OK"))
            #expect(!head.text.contains("tok0"))
            engine.release()
            #expect(await client.read { $0.hasSuffix("0\r\n\r\n") }.text.contains("tok15"))
            await client.close()
        }
    }
}
