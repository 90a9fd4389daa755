// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFWire
import Testing

@Suite struct RelayingTests {
    @Test func aJSONAnswerPassesVerbatim() async throws {
        try await withRelay { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.chat(fields: "Authorization: Bearer secret\r\nX-Request-Id: mine\r\nTraceparent: t\r\n")
            let exchange = try await upstream.next()
            #expect(
                exchange.head.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:\(upstream.port)\r\n")
            )
            #expect(exchange.head.contains("x-request-id: mine\r\n") && exchange.head.contains("Traceparent: t\r\n"))
            #expect(!exchange.head.contains("secret"))
            #expect(exchange.body == #"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":false}"#)
            let body = #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#
            exchange.send(UpstreamExchange.json(body, fields: "Server: engine\r\nConnection: keep-alive\r\n"))
            let answer = try await client.answer()
            #expect(answer.status == 200 && answer.content == body)
            #expect(answer.fields["x-request-id"] == "mine" && answer.fields["smmf-instance"] == "i0")
            #expect(answer.fields["server"] == "engine" && answer.fields["connection"] == nil)
            try await relay.settle()
            let traffic = await relay.traffic
            #expect(traffic.completed == 1 && traffic.tokens == TokenUsage(prompt: 3, completion: 4))
            #expect(traffic.duration.count == 1 && traffic.firstByte.count == 1 && traffic.overhead.count == 1)
        }
    }

    @Test func eventsPassAsTheyCome() async throws {
        try await withRelay { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.chat(stream: true)
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event(#"{"n":1}"#))
            try await client.wait(for: #"{"n":1}"#)
            exchange.send(UpstreamExchange.event(#"{"n":2}"#))
            try await client.wait(for: #"{"n":2}"#)
            exchange.send(UpstreamExchange.event("[DONE]") + "0\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.isComplete)
            #expect(answer.content == "data: {\"n\":1}\n\ndata: {\"n\":2}\n\ndata: [DONE]\n\n")
            try await relay.settle()
        }
    }

    @Test func nothingIsSentBeforeTheFirstEvent() async throws {
        try await withRelay { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.chat(stream: true)
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead + "8\r\n: ping\n\n\r\n")
            // A second connection's round trip shows that the relay has had time for these bytes.
            for _ in 0..<20 {
                let other = try await relay.connect()
                try await other.send("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                #expect(try await other.answer().status == 200)
            }
            #expect(await relay.traffic.firstByte.count == 0)
            exchange.send(UpstreamExchange.event("{}") + "0\r\n\r\n")
            #expect(try await client.answer().content == ": ping\n\ndata: {}\n\n")
        }
    }

    @Test func connectionsAreKeptOnBothSides() async throws {
        try await withRelay { relay in
            let upstream = try await ScriptedUpstream { $0.send(UpstreamExchange.json(#"{"got":\#($0.body.count)}"#)) }
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            for _ in 0..<5 {
                try await client.chat()
                #expect(try await client.answer().status == 200)
            }
            #expect(upstream.connectionCount == 1)
            let metrics = await relay.server.metrics()
            #expect(metrics.upstreamConnects == 1 && metrics.upstreamIdle == 1 && metrics.connections == 1)
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            exchange.send(UpstreamExchange.json(exchange.body.contains("first") ? "{\"a\":1}" : "{\"a\":2}"))
        }
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            func request(_ text: String) -> String {
                let body = #"{"model":"m","messages":[{"role":"user","content":"\#(text)"}]}"#
                return
                    "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            }
            let local = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
            try await client.send(request("first") + local + request("second") + "\r\n" + local)
            #expect(try await client.answer().content == "{\"a\":1}")
            #expect(try await client.answer().content == "{\"status\":\"ok\"}")
            #expect(try await client.answer().content == "{\"a\":2}")
            #expect(try await client.answer().content == "{\"status\":\"ok\"}")
            try await relay.settle()
        }
    }

    @Test func anAliasReplacesTheModelInPlace() async throws {
        try await withRelay { relay in
            let upstream = try await ScriptedUpstream()
            let instance = RouteInstance(
                id: InstanceID("i0"),
                endpoint: Endpoint(host: "127.0.0.1", port: upstream.port, path: "/base"),
                servedName: "real/name",
                load: InstanceLoad()
            )
            let model = try ModelName("m")
            let group = RouteGroup(model: model, policy: FirstPolicy(), instances: [instance])
            let entry = RouteEntry(name: model, kind: .language, groups: [group], otherwise: .serving)
            await relay.server.publish(RoutingTable([entry]))
            let client = try await relay.connect()
            let long = String(repeating: "y", count: 10_000)
            let body = #"{"messages":[{"role":"user","content":"\#(long)"}],"mod\u0065l":"m"}"#
            try await client.post("/v1/chat/completions", body)
            let exchange = try await upstream.next()
            #expect(exchange.head.hasPrefix("POST /base/v1/chat/completions "))
            #expect(exchange.body == body.replacing("\"m\"", with: "\"real/name\""))
            exchange.send(UpstreamExchange.json("{}"))
            #expect(try await client.answer().status == 200)
        }
    }

    @Test func longBodiesArriveWhole() async throws {
        let upstream = try await ScriptedUpstream { $0.send(UpstreamExchange.json("{\"n\":\($0.body.utf8.count)}")) }
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            let text = String(repeating: "z", count: 3_000_000)
            let body = #"{"model":"m","messages":[{"role":"user","content":"\#(text)"}]}"#
            try await client.post("/v1/chat/completions", body)
            #expect(try await client.answer().content == "{\"n\":\(body.utf8.count)}")
        }
    }

    @Test func chunkedRequestsAreSentWithALength() async throws {
        let upstream = try await ScriptedUpstream { $0.send(UpstreamExchange.json($0.body)) }
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            let body = #"{"model":"m","messages":[{"role":"user"}]}"#
            let (front, back) = (body.prefix(10), body.dropFirst(10))
            try await client.send(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\na;x\r\n"
            )
            try await client.send(
                "\(front)\r\n\(String(back.utf8.count, radix: 16))\r\n\(back)\r\n0\r\nA: b\r\n\r\nGET /hea"
            )
            #expect(try await client.answer().content == body)
            try await client.send("lth HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.answer().content == "{\"status\":\"ok\"}")
        }
    }

    @Test func continueIsSaidBeforeTheBody() async throws {
        let upstream = try await ScriptedUpstream { $0.send(UpstreamExchange.json($0.body)) }
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            let body = #"{"model":"m","messages":[{"role":"user"}]}"#
            let line = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
            try await client.send("\(line)Expect: 100-continue\r\nContent-Length: \(body.count)\r\n\r\n")
            #expect(try await client.answer().status == 100)
            try await client.send(body)
            #expect(try await client.answer().content == body)
        }
    }

    @Test func oldClientsGetNoChunks() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{}") + "0\r\n\r\n")
        }
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            let body = #"{"model":"m","messages":[{"role":"user"}],"stream":true}"#
            try await client.post("/v1/chat/completions", body, fields: "Connection: keep-alive\r\n", version: "1.0")
            let answer = try await client.answer()
            #expect(answer.fields["transfer-encoding"] == nil && answer.fields["connection"] == "close")
            #expect(answer.content == "data: {}\n\n")
            let other = try await relay.connect()
            try await other.send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try await other.answer().fields["connection"] == "keep-alive")
            try await other.send("GET /health HTTP/1.0\r\n\r\n")
            #expect(try await other.answer().fields["connection"] == "close")
            #expect(try await other.readToEnd().isEmpty)
        }
    }

    @Test func answersWithoutFramingGetChunks() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            exchange.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"a\":1}\n\n")
            exchange.send("data: [DONE]\n\n")
            exchange.close()
        }
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            for _ in 0..<2 {
                try await client.chat(stream: true)
                let answer = try await client.answer()
                #expect(answer.fields["transfer-encoding"] == "chunked" && answer.isComplete)
                #expect(answer.content == "data: {\"a\":1}\n\ndata: [DONE]\n\n")
            }
            try await relay.settle()
        }
    }

    @Test func theClientsOwnErrorsPass() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            exchange.send("HTTP/1.1 100 Continue\r\n\r\n")
            exchange.send(UpstreamExchange.json("{\"error\":{\"message\":\"too long\"}}", status: "400 Bad Request"))
        }
        try await withRelay { relay in
            try await relay.publish([upstream.port, upstream.port])
            let client = try await relay.connect()
            try await client.chat()
            let answer = try await client.answer()
            #expect(answer.status == 400 && answer.content.contains("too long"))
            #expect(await relay.traffic.refused == [400: 1])
        }
    }
}
