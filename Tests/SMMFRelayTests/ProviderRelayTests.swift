// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTesting
import SMMFWire
import Testing

/// Requests to providers: their paths, keys, parameters and errors, with each key an instance of its own.
@Suite struct ProviderRelayTests {
    private static func key(_ exchange: UpstreamExchange) -> String {
        let line = exchange.head.split(separator: "\r\n").first { $0.hasPrefix("x-key: ") }
        return line.map { String($0.dropFirst(7)) } ?? ""
    }

    private let path = "/v1/chat/completions"

    @Test func `A request goes to the provider's path with its key and none of the client's fields`() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish("m", [upstream.port], keys: ["one"], path: "/base")
            let client = try await relay.connect()
            try await client.chat(stream: true, fields: "Cookie: mine\r\nAuthorization: Bearer mine\r\n")
            let asked = try await upstream.next()
            #expect(asked.head.hasPrefix("POST /base/v9/talk?model=inner HTTP/1.1\r\n"))
            #expect(Self.key(asked) == "one")
            #expect(!asked.head.contains("mine"))
            #expect(asked.body.contains(#""model":"inner""#))
            #expect(asked.body.contains(#""include_usage":true"#))
            asked.send(UpstreamExchange.streamHead)
            asked.send(UpstreamExchange.event(#"{"choices":[{"delta":{"content":"a"}}]}"#))
            asked.send(UpstreamExchange.event("[DONE]") + "0\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.status == 200)
            #expect(answer.content.contains(#""content":"a""#))
            try await relay.settle()
        }
    }

    @Test func `Parameters are said in the provider's words, or refused with the client's field`() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish("m", [upstream.port], keys: ["one"], path: "/base")
            let client = try await relay.connect()
            try await client.post(path, #"{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":3}"#)
            let asked = try await upstream.next()
            #expect(asked.body == #"{"model":"inner","messages":[{"role":"user","content":"x"}],"limit":3}"#)
            asked.send(UpstreamExchange.json(#"{"choices":[]}"#))
            #expect(try await client.answer().status == 200)
            try await client.post(path, #"{"model":"m","messages":[{"role":"user","content":"x"}],"seed":3}"#)
            let refused = try await client.answer()
            #expect(refused.status == 400)
            #expect(refused.content.contains(#""param":"seed""#))
            try await relay.settle()
        }
    }

    @Test func `A dead key leaves the pool and another one answers`() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            if Self.key(exchange) == "dead" {
                let body = #"{"error":{"message":"no such key","code":"invalid_api_key"}}"#
                return exchange.send(UpstreamExchange.json(body, status: "401 Unauthorized"))
            }
            exchange.send(UpstreamExchange.json(#"{"choices":[]}"#))
        }
        try await withRelay { relay in
            try await relay.publish("m", [upstream.port, upstream.port], keys: ["dead", "good"], path: "/base")
            let client = try await relay.connect()
            for _ in 0..<3 {
                try await client.chat()
                let answer = try await client.answer()
                #expect(answer.status == 200)
                #expect(answer.fields["smmf-instance"] == "i1")
            }
            #expect(await relay.traffic.retries == 1)
            try await relay.settle()
        }
    }

    @Test func `Limited keys rest until their reset, and the client is told when`() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            let body = #"{"error":{"message":"slow down","code":"rate_limit_exceeded"}}"#
            let wait = Self.key(exchange) == "one" ? "50" : "30"
            exchange.send(
                UpstreamExchange.json(body, status: "429 Too Many Requests", fields: "Retry-After: \(wait)\r\n")
            )
        }
        try await withRelay { relay in
            try await relay.publish("m", [upstream.port, upstream.port], keys: ["one", "two"], path: "/base")
            let client = try await relay.connect()
            try await client.chat()
            #expect(try await client.answer().status == 429)
            let before = upstream.connectionCount
            try await client.chat()
            let answer = try await client.answer()
            #expect(answer.status == 429)
            #expect(Int(answer.fields["retry-after"] ?? "").map { (1...31).contains($0) } == true)
            #expect(answer.content.contains("rate limit"))
            #expect(upstream.connectionCount == before)
            try await relay.settle()
        }
    }

    @Test(
        arguments: [
            ("400 Bad Request", #"{"error":{"message":"bad tool","param":"tools"}}"#, 400, "bad tool"),
            ("400 Bad Request", #"{"error":{"message":"no","code":"naughty"}}"#, 400, "content_filter"),
            ("404 Not Found", #"{"error":{"message":"no model","code":"model_not_found"}}"#, 404, "no model"),
            ("200 OK", #"{"error":{"message":"no","code":"naughty"}}"#, 400, "naughty"),
            ("200 OK", #"{"code":10013,"message":"bad word","type":"naughty"}"#, 400, "bad word"),
            ("200 OK", #"{"base_resp":{"type":"naughty","status_code":3,"status_msg":"bad word"}}"#, 400, "bad word"),
            (
                "200 OK", #"{"code":0,"base_resp":{"status_code":0,"status_msg":"naughty"},"choices":[]}"#, 200,
                "naughty"
            ),
        ]
    )
    func `What the client can mend is told to it`(
        status: String,
        body: String,
        expected: Int,
        text: String
    ) async throws {
        let upstream = try await ScriptedUpstream { $0.send(UpstreamExchange.json(body, status: status)) }
        try await withRelay { relay in
            try await relay.publish("m", [upstream.port, upstream.port], keys: ["one", "two"], path: "/base")
            let client = try await relay.connect()
            try await client.chat()
            let answer = try await client.answer()
            #expect(answer.status == expected)
            #expect(answer.content.contains(text) || answer.content.contains("naughty"))
            #expect(await relay.traffic.retries == 0)
            try await relay.settle()
        }
    }

    @Test func `An operation that the provider does not have is refused`() async throws {
        try await withRelay { relay in
            let model = try ModelName("e")
            let instance = RouteInstance(
                id: InstanceID("i0"),
                endpoint: Endpoint(host: "127.0.0.1", port: 1),
                load: InstanceLoad(),
                access: ProviderAccess(provider: "test")
            )
            let group = RouteGroup(model: model, policy: FirstPolicy(), instances: [instance])
            let entry = RouteEntry(name: model, kind: .embedding, groups: [group], otherwise: .serving)
            await relay.server.publish(RoutingTable([entry]))
            let client = try await relay.connect()
            try await client.post("/v1/embeddings", #"{"model":"e","input":"x"}"#)
            let answer = try await client.answer()
            #expect(answer.status == 400)
            #expect(answer.content.contains("cannot do embeddings"))
        }
    }
}
