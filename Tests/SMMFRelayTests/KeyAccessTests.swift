// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFWire
import Testing

/// Who may ask for what, on the wire.
@Suite struct KeyAccessTests {
    private let answerBody = #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#

    private func answering() async throws -> ScriptedUpstream {
        let body = answerBody
        return try await ScriptedUpstream { $0.send(UpstreamExchange.json(body)) }
    }

    @Test(
        "without the right key nothing passes, and the answer says what is wrong",
        arguments: [
            ("", "didn't provide", "missing"),
            ("Authorization: Basic dTpw\r\n", "didn't provide", "missing"),
            ("Authorization: Bearer \r\n", "didn't provide", "missing"),
            ("x-api-key: \r\n", "didn't provide", "missing"),
            ("Authorization: Bearer sk-smmf-nobodyhasthis\r\n", "Incorrect API key provided: sk-smmf-nobo…", "unknown"),
            ("Authorization: Bearer sk-smmf-goo\r\n", "Incorrect API key provided: sk-smmf-goo…", "unknown"),
            ("Authorization: Bearer sk-smmf-goodx\r\n", "Incorrect", "unknown"),
            ("x-api-key: somebody-elses-secret\r\n", "Incorrect API key provided.", "unknown"),
            ("Authorization: Bearer \(String(repeating: "x", count: 4000))\r\n", "Incorrect", "unknown"),
            ("Authorization: Bearer sk-smmf-revoked\r\n", "key-revoked was revoked", "revoked"),
            ("Authorization: Bearer sk-smmf-expired\r\n", "key-expired expired at 1970-01-01T00:00:01Z", "expired"),
        ]
    )
    func unauthorized(fields: String, message: String, reason: String) async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            var keys = TestKeys()
            try keys.add("good")
            try keys.add("revoked", isRevoked: true)
            try keys.add("expired", expires: Timestamp(milliseconds: 1000))
            try await relay.publish([upstream.port], keys)
            let client = try await relay.connect()
            try await client.chat(fields: fields)
            let answer = try await client.answer()
            #expect(answer.status == 401 && answer.content.contains(message), "\(answer.content)")
            #expect(answer.content.contains(#""code":"invalid_api_key""#))
            #expect(answer.fields["www-authenticate"] == "Bearer")
            #expect(!answer.content.contains("nobodyhasthis") && !answer.content.contains("elses"))
            let metrics = await relay.server.metrics()
            let wanted = try #require(KeyRefusalReason(rawValue: reason))
            #expect(metrics.keyRefusals == [wanted: 1] && metrics.refused == [401: 1])
            #expect(upstream.connectionCount == 0)
        }
    }

    @Test("a refused caller's body is not read, however long it is")
    func bodyUnread() async throws {
        try await withRelay { relay in
            var keys = TestKeys()
            try keys.add("good")
            try await relay.publish([], keys)
            let client = try await relay.connect()
            try await client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n{")
            let answer = try await client.answer()
            #expect(answer.status == 401 && answer.fields["connection"] == "close")
            _ = try await client.readToEnd()
        }
    }

    @Test("a server that must have keys and has none says so to everybody")
    func noKeysYet() async throws {
        try await withRelay { relay in
            try await relay.publish([], TestKeys())
            for fields in ["", TestKeys.field("any")] {
                let client = try await relay.connect()
                try await client.chat(fields: fields)
                let answer = try await client.answer()
                #expect(answer.status == 401 && answer.content.contains("smmf key create"))
            }
        }
    }

    @Test("without keys, whatever a client sends as one is ignored")
    func open() async throws {
        let upstream = try await answering()
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            for fields in ["", TestKeys.field("any")] {
                try await client.chat(fields: fields)
                #expect(try await client.answer().status == 200)
            }
        }
    }

    @Test("both fields carry keys, and one connection may change its key with each request")
    func passes() async throws {
        let upstream = try await answering()
        try await withRelay { relay in
            var keys = TestKeys()
            let good = try keys.add("good")
            let other = try keys.add("other")
            try await relay.publish([upstream.port], keys)
            let client = try await relay.connect()
            let requests = [
                TestKeys.field("good"), "authorization: bearer   \(TestKeys.secret("good"))\r\n",
                "X-API-Key: \(TestKeys.secret("other"))\r\n", TestKeys.field("good"),
                "Authorization: Basic dTpw\r\nX-API-Key: \(TestKeys.secret("other"))\r\n",
            ]
            for fields in requests {
                try await client.chat(fields: fields)
                let answer = try await client.answer()
                #expect(answer.status == 200 && answer.fields.keys.allSatisfy { !$0.hasPrefix("x-ratelimit") })
            }
            try await relay.settle()
            #expect(good.requestCount == 3 && good.tokenCount == 21 && other.requestCount == 2)
            good.expectSettled()
        }
    }

    @Test("a revoked key stops on the very connection that used it, and a changed one goes on")
    func revocation() async throws {
        let upstream = try await answering()
        try await withRelay { relay in
            var before = TestKeys()
            let meter = try before.add("a")
            try await relay.publish([upstream.port], before)
            let client = try await relay.connect()
            try await client.chat(fields: TestKeys.field("a"))
            #expect(try await client.answer().status == 200)
            var changed = TestKeys()
            try changed.add("a", KeyLimits(requestsPerMinute: 9), meter: meter)
            try await relay.publish([upstream.port], changed)
            try await client.chat(fields: TestKeys.field("a"))
            #expect(try await client.answer().fields["x-ratelimit-limit-requests"] == "9")
            var after = TestKeys()
            try after.add("a", isRevoked: true, meter: meter)
            try await relay.publish([upstream.port], after)
            try await client.chat(fields: TestKeys.field("a"))
            #expect(try await client.answer().status == 401)
        }
    }

    @Test("a model outside the key's scope is forbidden, whether it exists or not, and is not suggested")
    func scope() async throws {
        let upstream = try await answering()
        try await withRelay { relay in
            var keys = TestKeys()
            try keys.add("narrow", models: ["m", "x*"])
            try await relay.publish([upstream.port], keys)
            let client = try await relay.connect()
            for model in ["other", "nowhere"] {
                try await client.chat(model: model, fields: TestKeys.field("narrow"))
                let answer = try await client.answer()
                #expect(answer.status == 403 && answer.content.contains(#""code":"model_not_allowed""#))
                #expect(answer.content.contains("key-narrow may not use the model `\(model)`"))
            }
            try await client.chat(model: "xother", fields: TestKeys.field("narrow"))
            let unknown = try await client.answer()
            #expect(unknown.status == 404 && !unknown.content.contains("`other`"), "\(unknown.content)")
            try await client.chat(fields: TestKeys.field("narrow"))
            #expect(try await client.answer().status == 200)
        }
    }

    @Test("health is open, the local page is open on this machine, and other local routes know the key")
    func localRoutes() async throws {
        let routes = [
            LocalRoute(.get, "/health", access: .open) { _ in LocalResponse(body: []) },
            LocalRoute(.get, "/metrics", access: .local) { _ in LocalResponse(body: []) },
            LocalRoute(.get, "/v1/models") { LocalResponse(body: Array(($0.key?.id.text ?? "nobody").utf8)) },
        ]
        for (host, metrics) in [("127.0.0.1", 200), ("0.0.0.0", 401)] {
            try await withRelay(localRoutes: routes) {
                $0.host = host
            } _: { relay in
                var keys = TestKeys()
                try keys.add("good")
                try await relay.publish([], keys)
                let client = try await relay.connect()
                for (path, status) in [("/health", 200), ("/metrics", metrics), ("/v1/models", 401)] {
                    try await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                    #expect(try await client.answer().status == status, "\(path) at \(host)")
                }
                for path in ["/health", "/metrics", "/v1/models"] {
                    try await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\(TestKeys.field("good"))\r\n")
                    let answer = try await client.answer()
                    #expect(answer.status == 200 && (path != "/v1/models" || answer.content == "key-good"))
                }
            }
        }
    }
}
