// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

/// What a well-behaved simulated engine puts on the wire, byte for byte.
@Suite(.timeLimit(.minutes(1))) struct SimulatorWireTests {
    @Test func `a stream has token chunks, a finish chunk, usage when asked, and the end mark`() async throws {
        try await SimulatedEngine.running { engine in
            let body =
                #"{"messages":[{"role":"user","content":"a b"}],"stream":true,"max_tokens":2,"#
                + #""stream_options":{"include_usage":true}}"#
            let reply = try await exchange(engine, post("/v1/chat/completions", body))
            #expect(reply.head.hasPrefix("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"))
            #expect(reply.head.contains("transfer-encoding: chunked\r\n"))
            let events = reply.events
            #expect(events.count == 5)
            #expect(events[0].contains(#""delta":{"content":"tok0"}"#))
            #expect(events[1].contains(#""delta":{"content":" tok1"}"#))
            #expect(events[2].contains(#""finish_reason":"length""#))
            #expect(events[2].contains(#""delta":{}"#))
            #expect(events[3].contains(#""choices":[]"#))
            #expect(events[3].contains(#""usage":{"completion_tokens":2,"prompt_tokens":2,"total_tokens":4}"#))
            #expect(events[4] == "[DONE]")
            #expect(events.filter { $0.contains("\"usage\"") }.count == 1)
            #expect(engine.stats.finished == 1)
            #expect(engine.stats.tokens == 2)
            #expect(engine.stats.promptTokens == 2)
        }
    }

    @Test func `usage is not in a stream that does not ask`() async throws {
        try await SimulatedEngine.running { engine in
            let reply = try await exchange(engine, post("/v1/chat/completions", streamedChat))
            #expect(reply.events.count == 18)
            #expect(reply.events.allSatisfy { !$0.contains("\"usage\"") })
            #expect(reply.events[16].contains(#""finish_reason":"stop""#))
        }
    }

    @Test func `a reply in one piece has a length and usage`() async throws {
        try await SimulatedEngine.running { engine in
            let request = post("/v1/completions", #"{"prompt":"a b c","max_tokens":3}"#)
            let reply = try await exchange(engine, request)
            #expect(reply.head.contains("content-length: \(reply.body.utf8.count)\r\n"))
            #expect(reply.body.contains(#""text":"tok0 tok1 tok2""#))
            #expect(reply.body.contains(#""usage":{"completion_tokens":3,"prompt_tokens":3,"total_tokens":6}"#))
        }
    }

    @Test func `echo repeats the user's words, and words depend on seed and prompt`() async throws {
        try await SimulatedEngine.running { engine in
            func text(_ prompt: String, _ headers: String...) async throws -> String {
                let chat = #"{"messages":[{"role":"system","content":"s"},{"role":"user","content":"\#(prompt)"}]}"#
                return try await exchange(engine, post("/v1/chat/completions", chat, headers: headers)).body
            }
            #expect(try await text("the \\\"big\\\" fox", "x-sim-text: echo").contains(#""content":"the \"big\" fox""#))
            let words = try await text("one", "x-sim-text: words")
            #expect(try await text("one", "x-sim-text: words") == words)
            #expect(try await text("two", "x-sim-text: words") != words)
            #expect(try await text("one", "x-sim-text: words", "x-sim-seed: 7") != words)
        }
    }

    @Test func `embeddings have one unit vector per input, also as base64`() async throws {
        try await SimulatedEngine.running { engine in
            let list = try await exchange(engine, post("/v1/embeddings", #"{"input":["a","b","a"]}"#)).body
            let vectors = list.split(separator: "\"embedding\":[").dropFirst().map { $0.prefix { $0 != "]" } }
            #expect(vectors.count == 3)
            #expect(vectors[0] == vectors[2])
            #expect(vectors[0] != vectors[1])
            let squares = vectors[0].split(separator: ",").compactMap { Float($0) }.map { $0 * $0 }
            #expect(squares.count == 8)
            #expect(abs(squares.reduce(0, +) - 1) < 0.001)
            let body = #"{"input":"a","encoding_format":"base64"}"#
            let base64 = try await exchange(engine, post("/v1/embeddings", body)).body
            // 8 floats are 32 bytes, which are 44 characters.
            let value = try #require(base64.split(separator: "\"embedding\":\"").last).prefix { $0 != "\"" }
            #expect(value.count == 44)
        }
    }

    @Test func `requests on one connection are answered in order, sent at once too`() async throws {
        try await SimulatedEngine.running { engine in
            let client = try await WireClient.connect(to: engine.port)
            let two =
                post("/v1/completions", #"{"prompt":"a","max_tokens":1}"#)
                + post("/v1/completions", #"{"prompt":"a","max_tokens":2}"#)
            try await client.send(two)
            let transcript = await client.read { $0.contains("tok0 tok1") && $0.hasSuffix("}}") }
            #expect(transcript.text.components(of: "HTTP/1.1 200 OK") == 2)
            #expect(transcript.text.contains(#""text":"tok0","#))
            #expect(engine.stats.connections == 1)
            await client.close()
        }
    }

    @Test func `bad requests get error objects and are not counted`() async throws {
        try await SimulatedEngine.running { engine in
            for (request, status) in [
                (post("/v1/chat/completions", "{"), 400), (post("/v1/chat/completions", #"{"messages":[]}"#), 400),
                (get("/v1/chat/completions"), 405), (get("/nowhere"), 404),
                (post("/v1/completions", #"{"prompt":"a"}"#, headers: ["x-sim-slots: 2"]), 400),
                (post("/v1/completions", #"{"prompt":"a"}"#, headers: ["x-sim-bogus: 2"]), 400),
            ] {
                let reply = try await exchange(engine, request)
                #expect(reply.head.hasPrefix("HTTP/1.1 \(status) "))
                #expect(reply.body.hasPrefix(#"{"error":{"code":\#(status),"#))
            }
            #expect(engine.stats.started == 0)
        }
    }
}
