// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTesting
import SMMFWire
import Testing

/// Clients of one API in front of instances of another, on both transports.
@Suite struct ChatTranslationTests {
    private let asked = #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}],"stream":true}"#
    private let whole = #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}"#

    /// An OpenAI chunk with a piece of text.
    private static func text(_ text: String) -> String {
        UpstreamExchange.event(#"{"choices":[{"index":0,"delta":{"content":"\#(text)"}}]}"#)
    }

    private static let end =
        UpstreamExchange.event(#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#)
        + UpstreamExchange.event(#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#)
        + UpstreamExchange.event("[DONE]") + "0\r\n\r\n"

    @Test func `An Anthropic client streams from an engine that speaks OpenAI's words`() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish("m", [upstream.port])
            let client = try await relay.connect()
            for _ in 0..<2 {
                try await client.post("/v1/messages", asked, fields: "X-Secret: of the client's\r\n")
                let exchange = try await upstream.next()
                #expect(exchange.head.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
                #expect(!exchange.head.contains("of the client's"))
                #expect(exchange.body.contains(#""model":"inner""#))
                #expect(exchange.body.contains(#""include_usage":true"#))
                // Any split of the bytes is the same stream.
                for byte in UpstreamExchange.streamHead + Self.text("Hel") + Self.text("lo") + Self.end {
                    exchange.send(String(byte))
                }
                let answer = try await client.answer()
                #expect(answer.status == 200)
                #expect(answer.fields["content-type"]?.hasPrefix("text/event-stream") == true)
                let events = answer.content.split(separator: "\n").filter { $0.hasPrefix("event: ") }
                    .map { $0.dropFirst(7) }
                #expect(
                    events == [
                        "message_start", "content_block_start", "content_block_delta", "content_block_delta",
                        "content_block_stop", "message_delta", "message_stop",
                    ]
                )
                #expect(answer.content.contains(#""model":"m""#))
                #expect(answer.content.contains(#""output_tokens":2"#))
            }
            try await relay.settle()
            let traffic = await relay.traffic
            #expect(traffic.tokens.prompt == 6 && traffic.tokens.completion == 4)
        }
    }

    @Test func `A failure before the first word goes to another instance, whatever it looks like`() async throws {
        let failing = try await ScriptedUpstream { exchange in
            exchange.send(UpstreamExchange.streamHead)
            exchange.send(UpstreamExchange.event(#"{"choices":[{"index":0,"delta":{"role":"assistant"}}]}"#))
            exchange.send(UpstreamExchange.event(#"{"error":{"message":"out of memory","code":500}}"#))
        }
        let closing = try await ScriptedUpstream { exchange in
            exchange.send(UpstreamExchange.streamHead)
            exchange.close()
        }
        let good = try await ScriptedUpstream { exchange in
            exchange.send(UpstreamExchange.streamHead + Self.text("good") + Self.end)
        }
        try await withRelay { relay in
            try await relay.publish("m", [failing.port, closing.port, good.port])
            let client = try await relay.connect()
            try await client.post("/v1/messages", asked)
            let answer = try await client.answer()
            #expect(answer.status == 200)
            #expect(answer.content.contains(#""text":"good""#))
            #expect(!answer.content.contains("out of memory"))
            #expect(await relay.traffic.retries == 2)
            try await relay.settle()
        }
    }

    @Test func `A stream that breaks ends with an error in the client's words and never cleanly`() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            exchange.send(UpstreamExchange.streamHead + Self.text("begun"))
            exchange.close()
        }
        try await withRelay { relay in
            try await relay.publish("m", [upstream.port])
            let client = try await relay.connect()
            try await client.post("/v1/messages", asked)
            let all = try await client.readToEnd()
            #expect(all.contains("begun"))
            #expect(all.contains("event: error\ndata: {\"type\":\"error\""))
            #expect(!all.contains("message_stop") && !all.hasSuffix("0\r\n\r\n"))
            #expect(await relay.traffic.broken == 1)
            try await relay.settle()
        }
    }

    @Test func `The relay's own errors are in the words of whoever is told`() async throws {
        try await withRelay { relay in
            try await relay.publish("m", [1])
            let client = try await relay.connect()
            try await client.post("/v1/messages", #"{"model":"x","messages":[{"role":"user","content":"hi"}]}"#)
            let unknown = try await client.answer()
            #expect(unknown.status == 404)
            #expect(unknown.content.hasPrefix(#"{"type":"error","error":{"type":"not_found_error""#))
            try await client.post("/v1/messages", #"{"model":"m"}"#)
            let missing = try await client.answer()
            #expect(missing.status == 400)
            #expect(missing.content.contains(#""type":"invalid_request_error""#))
            try await client.post("/v1/messages", #"{"model":"m","messages":[{"role":"king","content":"hi"}]}"#)
            let wrong = try await client.answer()
            #expect(wrong.status == 400 && wrong.content.contains("messages[0].role"))
            try await client.post("/v1beta/models/x:streamGenerateContent", "{}")
            let gemini = try await client.answer()
            #expect(gemini.status == 404 && gemini.content.contains(#""status":"NOT_FOUND""#))
        }
    }

    @Test func `A provider's error is told when the client can mend it, and costs it another key when not`()
        async throws
    {
        let upstream = try await ScriptedUpstream { exchange in
            let isLong = exchange.body.contains("long")
            let body =
                isLong
                ? #"{"error":{"message":"too long","code":"context_length_exceeded"}}"#
                : #"{"error":{"message":"slow down","code":"rate_limit_exceeded"}}"#
            let status = isLong ? "400 Bad Request" : "429 Too Many Requests"
            exchange.send(UpstreamExchange.json(body, status: status, fields: "retry-after-ms: 20000\r\n"))
        }
        try await withRelay { relay in
            try await relay.publish("m", [upstream.port], keys: ["secret"])
            let client = try await relay.connect()
            try await client.post(
                "/v1/messages",
                #"{"model":"m","messages":[{"role":"user","content":"long"}]}"#
            )
            let long = try await client.answer()
            #expect(long.status == 400)
            #expect(long.content.contains("too long") && long.content.contains("invalid_request_error"))
            try await client.post("/v1/messages", whole)
            let limited = try await client.answer()
            #expect(limited.status == 429)
            #expect(Int(limited.fields["retry-after"] ?? "").map { (1...21).contains($0) } == true)
            #expect(limited.content.contains("rate_limit_error"))
            try await relay.settle()
        }
    }

    @Test func `A translated request takes the provider's path and key`() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish("m", [upstream.port], keys: ["secret"])
            let client = try await relay.connect()
            try await client.post("/v1/messages", whole)
            let exchange = try await upstream.next()
            #expect(exchange.head.hasPrefix("POST /v9/talk?model=inner HTTP/1.1\r\n"))
            #expect(exchange.head.contains("x-key: secret\r\n"))
            exchange.send(
                UpstreamExchange.json(
                    #"{"choices":[{"message":{"role":"assistant","content":"yes"},"finish_reason":"stop"}],"#
                        + #""usage":{"prompt_tokens":1,"completion_tokens":1}}"#
                )
            )
            let answer = try await client.answer()
            #expect(answer.status == 200)
            #expect(answer.content.contains(#""content":[{"type":"text","text":"yes"}]"#))
            try await relay.settle()
        }
    }

    @Test func `The model in a path is read as it was meant`() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish("m", [upstream.port])
            let client = try await relay.connect()
            for query in ["?alt=sse", ""] {
                try await client.post(
                    "/v1beta/models/%6d:streamGenerateContent\(query)",
                    #"{"contents":[{"parts":[{"text":"hi"}]}]}"#
                )
                let exchange = try await upstream.next()
                #expect(exchange.body.contains(#""stream":true"#))
                exchange.send(UpstreamExchange.streamHead + Self.text("a") + Self.text("b") + Self.end)
                let answer = try await client.answer()
                #expect(answer.status == 200)
                #expect(answer.content.contains(#""text":"b""#))
                #expect(answer.content.hasPrefix(query.isEmpty ? "[" : "data: "))
            }
            try await relay.settle()
        }
    }

    @Test func `The same words on both sides pass byte by byte, and break in the client's words`() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish("m", [upstream.port], dialect: TestRelay.anthropic)
            let client = try await relay.connect()
            try await client.post("/v1/messages", asked)
            let exchange = try await upstream.next()
            #expect(exchange.head.hasPrefix("POST /v1/messages HTTP/1.1\r\n"))
            #expect(exchange.body == asked.replacing(#""m""#, with: #""inner""#))
            let start = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"a\"}}\n\n"
            exchange.send(UpstreamExchange.streamHead)
            exchange.send("\(String(start.utf8.count, radix: 16))\r\n\(start)\r\n")
            try await client.wait(forContent: start)
            exchange.close()
            let all = try await client.readToEnd()
            #expect(all.contains("event: error\ndata: {\"type\":\"error\""))
            try await relay.settle()
        }
    }
}

extension String {
    /// The text with the first place of `old` changed.
    fileprivate func replacing(_ old: String, with new: String) -> String {
        let parts = split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        return parts.joined(separator: new)
    }
}
