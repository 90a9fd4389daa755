// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTesting
import SMMFWire
import Testing

@Suite struct RefusalTests {
    private func ask(_ text: String, _ configure: (inout RelayConfiguration) -> Void = { _ in }) async throws
        -> (ReceivedAnswer, isClosed: Bool)
    {
        var result: (ReceivedAnswer, isClosed: Bool)?
        try await withRelay(configure) { relay in
            try await relay.publish([])
            let client = try await relay.connect()
            try await client.send(text)
            let answer = try await client.answer(toHead: text.hasPrefix("HEAD"))
            let isClosed = answer.fields["connection"] == "close"
            if isClosed { #expect(try await client.readToEnd().isEmpty) }
            result = (answer, isClosed)
        }
        return try #require(result)
    }

    private func post(_ body: String) -> String {
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func badBodiesAreNamed() async throws {
        let (missing, isClosed) = try await ask(post(#"{"model":"m","messages":[{"role":"user"},{}]}"#))
        #expect(missing.status == 400 && !isClosed)
        #expect(missing.content.contains(#""param":"messages[1].role""#))
        #expect(missing.fields["content-type"] == "application/json" && missing.fields["x-request-id"]?.count == 32)
        let (malformed, _) = try await ask(post("{\"model\":"))
        #expect(malformed.status == 400 && malformed.content.contains("byte 9"))
    }

    @Test func unknownModelsNameTheNearest() async throws {
        try await withRelay { relay in
            await relay.server.publish(RoutingTable([try relay.entry("qwen3-8b", [1]), try relay.entry("other", [1])]))
            let client = try await relay.connect()
            try await client.chat(model: "qwen-8b")
            let answer = try await client.answer()
            #expect(answer.status == 404)
            #expect(answer.content.contains(#""code":"model_not_found""#) && answer.content.contains("`qwen3-8b`"))
        }
    }

    @Test func aModelOfAnotherKindIsRefused() async throws {
        try await withRelay { relay in
            await relay.server.publish(RoutingTable([try relay.entry("m", [1])]))
            let client = try await relay.connect()
            try await client.post("/v1/embeddings", #"{"model":"m","input":"x"}"#)
            let answer = try await client.answer()
            #expect(answer.status == 400 && answer.content.contains("cannot do embeddings"))
        }
    }

    @Test func unavailableModelsSayWhy() async throws {
        let (answer, _) = try await ask(post(#"{"model":"m","messages":[{"role":"user"}]}"#))
        #expect(answer.status == 503 && answer.content.contains("stopped"))
        #expect(answer.fields["retry-after"] == "1")
    }

    @Test func pathsAndMethods() async throws {
        let (unknown, _) = try await ask("GET /nope HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(unknown.status == 404 && unknown.content.contains("unknown_url"))
        let (wrong, isClosed) = try await ask("GET /v1/chat/completions HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(wrong.status == 405 && wrong.fields["allow"] == "POST, OPTIONS" && !isClosed)
        let (brew, _) = try await ask("BREW /health HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(brew.status == 405 && brew.fields["allow"] == "GET, HEAD, OPTIONS")
        let (options, _) = try await ask("OPTIONS /v1/embeddings HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(options.status == 204 && options.fields["allow"] == "POST, OPTIONS")
        let (star, _) = try await ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(star.status == 204)
        let (head, _) = try await ask("HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(head.status == 200 && head.fields["content-length"] == "15")
        let (local, _) = try await ask("GET /v1/models/a%2Fb?x=y HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(local.content == "/v1/models/a%2Fb" && local.fields["x-query"] == "x=y")
        let (echo, _) = try await ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
        #expect(echo.content == "abc" && echo.fields["content-type"] == "text/plain")
        let (unread, closes) = try await ask("POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
        #expect(unread.status == 404 && closes)
    }

    static let heads: [(String, Int)] = [
        ("GET /health HTTP/1.1\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc", 400),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
        ("GET /health HTTP/1.1\nHost: x\n\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        ("GET /health HTTP/3.0\r\nHost: x\r\n\r\n", 505),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nContent-Length: 3\r\n\r\nabc", 417),
        ("GET /health HTTP/1.1\r\nA: " + String(repeating: "a", count: 70_000), 431),
        ("GET /health HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 101) + "\r\n", 431),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n", 413),
        (
            "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1f4\r\n" + twice(500) + "1\r\na\r\n",
            413
        ),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
    ]

    private static func twice(_ count: Int) -> String {
        let text = String(repeating: "a", count: count)
        return "\(text)\r\n\(String(count, radix: 16))\r\n\(text)\r\n"
    }

    @Test(arguments: heads) func badHeadsAndBodiesCloseTheConnection(text: String, status: Int) async throws {
        let (answer, isClosed) = try await ask(text) { $0.bodyLimit = 1000 }
        #expect(answer.status == status)
        #expect(isClosed)
        #expect(answer.content.contains("\"error\""))
    }

    @Test("large bodies share a bounded room, and give it back", arguments: ["Content-Length: 200000", "chunked"])
    func largeBodiesAreBoundedInAll(framing: String) async throws {
        try await withRelay {
            $0.bodyMemory = 300_000
        } _: { relay in
            let isChunked = framing == "chunked"
            let field = isChunked ? "Transfer-Encoding: chunked" : framing
            let head = "POST /echo HTTP/1.1\r\nHost: x\r\n\(field)\r\n\r\n"
            let text = String(repeating: "a", count: 200_000)
            let body = isChunked ? "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n0\r\n\r\n" : text
            let first = try await relay.connect()
            try await first.send(head + body.dropLast(10))
            try await eventually("the first has taken its room") {
                let second = try await relay.connect()
                try? await second.send(head + body)
                let status = try await second.answer().status
                #expect(status == 200 || status == 503)
                return status == 503
            }
            try await first.send(String(body.suffix(10)))
            #expect(try await first.answer().status == 200)
            let third = try await relay.connect()
            try await third.send(head + body)
            #expect(try await third.answer().status == 200)
        }
    }

    @Test func slowRequestsTimeOut() async throws {
        let (head, _) = try await ask("GET /health HTTP/1.1\r\nHo") { $0.timeouts.requestHead = .milliseconds(1) }
        #expect(head.status == 408)
        let (body, _) = try await ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nab") {
            $0.timeouts.requestBody = .milliseconds(1)
        }
        #expect(body.status == 408)
    }

    @Test func idleConnectionsClose() async throws {
        try await withRelay {
            $0.timeouts.keepAlive = .milliseconds(1)
        } _: { relay in
            let client = try await relay.connect()
            #expect(try await client.readToEnd().isEmpty)
        }
    }

    @Test func requestsAndConnectionsAreBounded() async throws {
        try await withRelay {
            $0.maxInFlight = 1
            $0.maxConnections = 2
        } _: { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let first = try await relay.connect()
            try await first.chat()
            let exchange = try await upstream.next()
            let second = try await relay.connect()
            try await second.chat()
            let answer = try await second.answer()
            #expect(answer.status == 503 && answer.content.contains("overloaded"))
            let third = try await relay.connect()
            #expect(try await third.readToEnd().isEmpty)
            exchange.send(UpstreamExchange.json("{}"))
            #expect(try await first.answer().status == 200)
            try await second.chat()
            try await upstream.next().send(UpstreamExchange.json("{}"))
            #expect(try await second.answer().status == 200)
            let metrics = await relay.server.metrics()
            #expect(metrics.connectionsRefused == 1 && metrics.refused == [503: 1])
        }
    }

    @Test func aTakenPortIsSaid() async throws {
        let upstream = try await ScriptedUpstream()
        await #expect(throws: SMMFError.self) {
            try await withRelay {
                $0.port = upstream.port
            } _: { _ in
            }
        }
    }
}
