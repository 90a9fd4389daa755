// SPDX-License-Identifier: MIT

import SMMFRelay
import SMMFTesting
import SMMFWire
import Testing

/// Asking for usage, hiding it, and counting it.
@Suite struct UsageTests {
    static let word = #"{"choices":[{"delta":{"content":"a"}}],"usage":null}"#
    static let usage = #"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}"#
    static let asking = #""stream_options":{"include_usage":true}"#

    private static func stream(_ events: [String]) -> String {
        UpstreamExchange.streamHead + events.map(UpstreamExchange.event).joined() + "0\r\n\r\n"
    }

    private static func request(_ more: String = "", stream: Bool = true) -> String {
        #"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":\#(stream)\#(more)}"#
    }

    private static let content = [word, word, "[DONE]"].map { "data: \($0)\n\n" }.joined()

    @Test func usageIsAskedForAndHidden() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.post("/v1/chat/completions", Self.request())
            let exchange = try await upstream.next()
            #expect(exchange.body == "{" + Self.asking + "," + Self.request().dropFirst())
            exchange.send(Self.stream([Self.word, Self.word, Self.usage, "[DONE]"]))
            let answer = try await client.answer()
            #expect(answer.isComplete && answer.content == Self.content)
            try await relay.settle()
            let traffic = await relay.traffic
            #expect(traffic.tokens == TokenUsage(prompt: 5, completion: 2) && traffic.reportedRequests == 1)
            #expect(traffic.estimatedRequests == 0)
            #expect(traffic.firstToken.count == 1)
        }
    }

    @Test func whoAsksGetsTheStreamAsItIs() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            let body = Self.request("," + Self.asking)
            try await client.post("/v1/chat/completions", body)
            let exchange = try await upstream.next()
            #expect(exchange.body == body)
            exchange.send(Self.stream([Self.word, Self.usage, "[DONE]"]))
            let answer = try await client.answer()
            #expect(answer.content == [Self.word, Self.usage, "[DONE]"].map { "data: \($0)\n\n" }.joined())
            try await relay.settle()
            #expect(await relay.traffic.tokens == TokenUsage(prompt: 5, completion: 2))
        }
    }

    /// Ways to frame a stream, and who reads it.
    static let framings: [(head: String, end: String, chunked: Bool, version: String)] = [
        ("Transfer-Encoding: chunked\r\n", "0\r\n\r\n", true, "1.1"),
        ("Transfer-Encoding: chunked\r\n", "0\r\n\r\n", true, "1.0"),
        ("Connection: close\r\n", "", false, "1.1"), ("Connection: close\r\n", "", false, "1.0"),
    ]

    @Test(arguments: 0..<4)
    func everyTransferHidesIt(index: Int) async throws {
        let (head, end, isChunked, version) = Self.framings[index]
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.post("/v1/chat/completions", Self.request(), version: version)
            let exchange = try await upstream.next()
            exchange.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\(head)\r\n")
            let events = [Self.word, Self.word, Self.usage, "[DONE]"].map {
                isChunked ? UpstreamExchange.event($0) : "data: \($0)\n\n"
            }.joined()
            // In pieces, of which some end inside the event.
            var rest = events[...]
            while !rest.isEmpty {
                exchange.send(String(rest.prefix(23)))
                rest = rest.dropFirst(23)
            }
            exchange.send(end)
            if !isChunked { exchange.close() }
            let answer = try await client.answer()
            #expect(answer.isComplete && answer.content == Self.content)
            try await relay.settle()
            #expect(await relay.traffic.tokens == TokenUsage(prompt: 5, completion: 2))
        }
    }

    @Test func aStreamOfFixedLengthKeepsItsLength() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.post("/v1/chat/completions", Self.request())
            let exchange = try await upstream.next()
            let body = "data: \(Self.word)\n\ndata: \(Self.usage)\n\ndata: [DONE]\n\n"
            exchange.send(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                    + body
            )
            let answer = try await client.answer()
            let comment = ":" + String(repeating: " ", count: Self.usage.utf8.count + 5)
            #expect(answer.content == "data: \(Self.word)\n\n\(comment)\n\ndata: [DONE]\n\n")
            try await relay.settle()
        }
    }

    static let refusals: [(status: String, body: String)] = [
        ("400 Bad Request", #"{"error":{"message":"unknown field stream_options"}}"#),
        ("422 Unprocessable", #"{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"]}]}"#),
    ]

    @Test(arguments: 0..<2)
    func anInstanceThatRefusesTheQuestionIsNotAskedAgain(index: Int) async throws {
        let (status, body) = Self.refusals[index]
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.post("/v1/chat/completions", Self.request())
            let first = try await upstream.next()
            #expect(first.body.contains("stream_options"))
            let refusal = UpstreamExchange.json(body, status: status)
            first.send(String(refusal.prefix(refusal.count - 20)))
            first.send(String(refusal.suffix(20)))
            for round in 0..<2 {
                let exchange = try await upstream.next()
                #expect(exchange.body == Self.request() && exchange.connection == first.connection)
                exchange.send(Self.stream([Self.word, Self.word, "[DONE]"]))
                let answer = try await client.answer()
                #expect(answer.status == 200 && answer.content == Self.content)
                if round == 0 { try await client.post("/v1/chat/completions", Self.request()) }
            }
            try await relay.settle()
            let traffic = await relay.traffic
            #expect(traffic.completed == 2 && traffic.estimatedRequests == 2 && traffic.retries == 0)
            #expect(traffic.estimatedTokens.completion == 4 && traffic.tokens == TokenUsage())
        }
    }

    @Test func otherErrorsAreTheClients() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.post("/v1/chat/completions", Self.request())
            try await upstream.next().send(UpstreamExchange.json(#"{"error":"no"}"#, status: "400 Bad Request"))
            let answer = try await client.answer()
            #expect(answer.status == 400 && answer.content == #"{"error":"no"}"#)
            // A client's own options are its own affair.
            try await client.post("/v1/chat/completions", Self.request("," + Self.asking))
            let refusal = UpstreamExchange.json(Self.refusals[0].body, status: "400 Bad Request")
            try await upstream.next().send(refusal)
            #expect(try await client.answer().content == Self.refusals[0].body)
            try await relay.settle()
            let traffic = await relay.traffic
            #expect(traffic.refused == [400: 2] && traffic.reportedRequests + traffic.estimatedRequests == 0)
        }
    }

    @Test func aRefusalWithoutAnEndIsStillOne() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.post("/v1/chat/completions", Self.request())
            let first = try await upstream.next()
            first.send("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n" + Self.refusals[0].body)
            first.close()
            try await upstream.next().send(Self.stream([Self.word, Self.word, "[DONE]"]))
            #expect(try await client.answer().content == Self.content)
            try await relay.settle()
        }
    }

    @Test func whoeverLeavesIsEstimated() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.post("/v1/chat/completions", Self.request())
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event(Self.word))
            exchange.send(UpstreamExchange.event(Self.word))
            try await client.wait(for: UpstreamExchange.event(Self.word) + UpstreamExchange.event(Self.word))
            try await client.close()
            try await exchange.closed()
            try await relay.settle()
            let traffic = await relay.traffic
            #expect(traffic.cancelled == 1 && traffic.estimatedRequests == 1 && traffic.reportedRequests == 0)
            // The messages have 32 bytes.
            #expect(traffic.estimatedTokens == TokenUsage(prompt: 8, completion: 2))
        }
    }

    @Test func aStreamThatBreaksInsideItsUsageEndsProperly() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            for cut in [3, 30, 60, 70] {
                try await relay.publish([upstream.port])
                let client = try await relay.connect()
                try await client.post("/v1/chat/completions", Self.request())
                let exchange = try await upstream.next()
                exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event(Self.word))
                try await client.wait(for: UpstreamExchange.event(Self.word))
                exchange.send(String(UpstreamExchange.event(Self.usage).prefix(cut)))
                exchange.close()
                let answer = try await client.answer()
                #expect(!answer.isComplete && answer.content.contains("upstream_broken"))
                #expect(!answer.content.contains("prompt_tokens"))
                try await relay.settle()
            }
            let traffic = await relay.traffic
            #expect(traffic.broken == 4 && traffic.estimatedRequests == 4)
        }
    }
}
