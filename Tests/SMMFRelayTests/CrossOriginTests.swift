// SPDX-License-Identifier: MIT

import SMMFRelay
import Testing

/// Calls from web pages.
@Suite struct CrossOriginTests {
    private static let page = "https://chat.example.com"
    private static let preflight =
        "OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: x\r\nOrigin: \(page)\r\nAccess-Control-Request-Method: POST\r\n"
        + "Access-Control-Request-Headers: authorization,content-type,x-stainless-os\r\n\r\n"

    @Test func nothingIsSaidWhenItIsOff() async throws {
        let upstream = try await ScriptedUpstream {
            $0.send(UpstreamExchange.json("{}", fields: "Access-Control-Allow-Origin: *\r\n"))
        }
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.send(Self.preflight)
            let answer = try await client.answer()
            #expect(answer.status == 204 && answer.fields["allow"] == "POST, OPTIONS")
            try await client.chat(fields: "Origin: \(Self.page)\r\n")
            let relayed = try await client.answer()
            #expect(relayed.status == 200)
            for fields in [answer.fields, relayed.fields] {
                #expect(!fields.keys.contains { $0.hasPrefix("access-control-") || $0 == "vary" })
            }
        }
    }

    @Test(arguments: [[page, "http://localhost:3000"], ["*"]]) func pagesMayCall(origins: [String]) async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay {
            $0.corsOrigins = origins
        } _: { relay in
            try await relay.publish([upstream.port])
            let allowed = origins == ["*"] ? "*" : Self.page
            let client = try await relay.connect()
            try await client.send(Self.preflight)
            let before = try await client.answer()
            #expect(before.status == 204 && before.content.isEmpty)
            #expect(before.fields["access-control-allow-origin"] == allowed)
            #expect(before.fields["access-control-allow-methods"] == "POST, OPTIONS")
            #expect(before.fields["access-control-allow-headers"] == "authorization,content-type,x-stainless-os")
            #expect(before.fields["access-control-max-age"] == "7200" && before.fields["vary"] == "origin")

            try await client.chat(stream: true, fields: "Origin: \(Self.page)\r\n")
            let exchange = try await upstream.next()
            #expect(!exchange.head.lowercased().contains("origin"))
            exchange.send(
                UpstreamExchange.json("{}", fields: "Access-Control-Allow-Origin: http://engine\r\nVary: Accept\r\n")
            )
            let relayed = try await client.answer()
            #expect(relayed.fields["access-control-allow-origin"] == allowed)
            #expect(relayed.fields["access-control-expose-headers"]?.contains("x-request-id") == true)

            // Errors and local routes are for the page to read as well.
            try await client.send("GET /health HTTP/1.1\r\nHost: x\r\nOrigin: \(Self.page)\r\n\r\n")
            #expect(try await client.answer().fields["access-control-allow-origin"] == allowed)
            try await client.chat(model: "other", fields: "Origin: \(Self.page)\r\n")
            let refused = try await client.answer()
            #expect(refused.status == 404 && refused.fields["access-control-allow-origin"] == allowed)
        }
    }

    @Test func otherPagesMayNot() async throws {
        try await withRelay {
            $0.corsOrigins = ["https://other.example.com", "https://chat.example.co"]
        } _: { relay in
            let client = try await relay.connect()
            try await client.send(Self.preflight)
            let before = try await client.answer()
            #expect(before.status == 204 && before.fields["vary"] == "origin")
            try await client.send("GET /health HTTP/1.1\r\nHost: x\r\nOrigin: \(Self.page)\r\n\r\n")
            let foreign = try await client.answer()
            try await client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            let none = try await client.answer()
            #expect(foreign.fields["vary"] == "origin" && none.fields["vary"] == "origin")
            for fields in [before.fields, foreign.fields, none.fields] {
                #expect(!fields.keys.contains { $0.hasPrefix("access-control-") })
            }
        }
    }
}
