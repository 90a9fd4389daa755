// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTesting
import SMMFWire
import Testing

/// Embedding requests that are sent in parts, or whose vectors get another form.
@Suite struct BatchRelayTests {
    private func publish(_ relay: TestRelay, _ ports: [Int], limit: Int?, gatherAbove: Int? = nil) async throws {
        let model = try ModelName("e")
        let instances = ports.enumerated().map { index, port in
            RouteInstance(
                id: InstanceID("i\(index)"),
                endpoint: Endpoint(host: "127.0.0.1", port: port),
                batchLimit: limit,
                gatherAbove: gatherAbove,
                load: relay.loads["i\(index)"] ?? InstanceLoad()
            )
        }
        let group = RouteGroup(model: model, policy: LeastLoadPolicy(), instances: instances)
        let entry = RouteEntry(name: model, kind: .embedding, groups: [group], otherwise: .unavailable("stopped"))
        await relay.server.publish(RoutingTable([entry]))
    }

    private let path = "/v1/embeddings"

    /// Answers each input `tN` with the vector `[N]`, a token each.
    private static let embed: @Sendable (UpstreamExchange) -> Void = { exchange in
        let texts = exchange.body.split(separator: "\"").filter { $0.hasPrefix("t") && Int($0.dropFirst()) != nil }
        let items = texts.enumerated().map { #"{"index":\#($0),"embedding":[\#($1.dropFirst())]}"# }
        let usage = #"{"prompt_tokens":\#(texts.count),"total_tokens":\#(texts.count)}"#
        exchange.send(UpstreamExchange.json(#"{"data":[\#(items.joined(separator: ","))],"usage":\#(usage)}"#))
    }

    @Test func `A large request goes in parts and comes back as one`() async throws {
        let upstream = try await ScriptedUpstream(script: Self.embed)
        try await withRelay { relay in
            try await publish(relay, [upstream.port, upstream.port], limit: 3)
            let inputs = (0..<100).map { "\"t\($0)\"" }.joined(separator: ",")
            let client = try await relay.connect()
            for _ in 0..<2 {
                try await client.post(path, #"{"model":"e","input":[\#(inputs)]}"#)
                let answer = try await client.answer()
                #expect(answer.status == 200)
                let items = (0..<100).map { #"{"index":\#($0),"embedding":[\#($0)]}"# }.joined(separator: ",")
                let usage = #"{"prompt_tokens":100,"total_tokens":100}"#
                #expect(answer.content == #"{"data":[\#(items)],"usage":\#(usage)}"#)
            }
            try await relay.settle()
            let traffic = await relay.server.metrics().models["e"] ?? ModelTraffic()
            #expect(traffic.completed == 2)
            #expect(traffic.tokens.prompt == 200)
        }
    }

    @Test func `A part that is refused refuses the whole with its words`() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            guard exchange.body.contains("\"t7\"") else { return Self.embed(exchange) }
            exchange.send(UpstreamExchange.json(#"{"error":{"message":"t7 is too long"}}"#, status: "413 Too Large"))
        }
        try await withRelay { relay in
            try await publish(relay, [upstream.port], limit: 2)
            let client = try await relay.connect()
            try await client.post(path, #"{"model":"e","input":["t1","t2","t3","t4","t5","t6","t7","t8"]}"#)
            let answer = try await client.answer()
            #expect(answer.status == 413)
            #expect(answer.content.contains("t7 is too long"))
            try await relay.settle()
            try await client.post(path, #"{"model":"e","input":["t1","t2","t3"]}"#)
            #expect(try await client.answer().status == 200)
        }
    }

    @Test func `A client that leaves takes all parts with it`() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await publish(relay, [upstream.port], limit: 1)
            let client = try await relay.connect()
            try await client.post(path, #"{"model":"e","input":["t1","t2"]}"#)
            let exchanges = [try await upstream.next(), try await upstream.next()]
            try await client.close()
            for exchange in exchanges { try await exchange.closed() }
            try await relay.settle()
        }
    }

    @Test func `Vectors get the form that was asked for where the engine did not care`() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            #expect(exchange.head.contains("x-mine: 1") || exchange.head.contains("X-Mine: 1"))
            let isSpecial = exchange.body.contains("base64") || exchange.body.contains("dimensions")
            exchange.send(UpstreamExchange.json(#"{"data":[{"index":0,"embedding":[3,4,0]}]}"#))
            #expect(isSpecial)
        }
        try await withRelay { relay in
            try await publish(relay, [upstream.port], limit: nil)
            let client = try await relay.connect()
            for (member, vector) in [
                (#""encoding_format":"base64""#, #""AABAQAAAgEAAAAAA""#), (#""dimensions":2"#, "[0.6,0.8]"),
            ] {
                let body = #"{"model":"e","input":"t1",\#(member)}"#
                try await client.post(path, body, fields: "X-Mine: 1\r\n")
                let answer = try await client.answer()
                #expect(answer.content == #"{"data":[{"index":0,"embedding":\#(vector)}]}"#)
            }
            try await client.post(path, #"{"model":"e","input":"t1","dimensions":0}"#)
            let refused = try await client.answer()
            #expect(refused.status == 400)
            #expect(refused.content.contains("dimensions"))
            try await client.post(path, #"{"model":"e","input":"t1","encoding_format":"hex"}"#)
            #expect(try await client.answer().content.contains("float or base64"))
        }
    }

    @Test func `An instance that is full passes such a request on`() async throws {
        let full = try await ScriptedUpstream { $0.send(UpstreamExchange.json("{}", status: "429 Too Many")) }
        let free = try await ScriptedUpstream(script: Self.embed)
        try await withRelay { relay in
            let client = try await relay.connect()
            try await publish(relay, [full.port, free.port], limit: nil)
            try await client.post(path, #"{"model":"e","input":"t1","dimensions":1}"#)
            #expect(try await client.answer().status == 200)
            try await relay.settle()
        }
    }

    @Test(arguments: [nil, 1])
    func `Answers that are gathered share a bound, and give their room back`(limit: Int?) async throws {
        let upstream = try await ScriptedUpstream { exchange in
            // A vector of 200 KB where it is asked for `t9`, and a short one for others.
            let length = exchange.body.contains("\"t9\"") ? 100_000 : 1
            let vector = Array(repeating: "1", count: length).joined(separator: ",")
            exchange.send(UpstreamExchange.json(#"{"data":[{"index":0,"embedding":[\#(vector)]}]}"#))
        }
        try await withRelay { configuration in
            configuration.bodyMemory = 128 * 1024
        } _: { relay in
            try await publish(relay, [upstream.port], limit: limit)
            let client = try await relay.connect()
            for _ in 0..<2 {
                let long = limit == nil ? #""t9","dimensions":1"# : #"["t9","t1"]"#
                try await client.post(path, #"{"model":"e","input":\#(long)}"#)
                let refused = try await client.answer()
                #expect(refused.status == 503)
                #expect(refused.content.contains("Too many large answers"))
                let short = limit == nil ? #""t2","dimensions":1"# : #"["t2","t1"]"#
                try await client.post(path, #"{"model":"e","input":\#(short)}"#)
                #expect(try await client.answer().status == 200)
            }
            try await relay.settle()
        }
    }

    @Test func `Requests that come while the model is busy go together`() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await publish(relay, [upstream.port], limit: nil, gatherAbove: 1)
            let (clients, first) = try await crowd(relay, 4, at: upstream)
            Self.embed(first)
            let together = try await upstream.next()
            #expect(together.body == #"{"model":"e","input":["t1","t2","t3"]}"#)
            Self.embed(together)
            for (index, client) in clients.enumerated() {
                let answer = try await client.answer()
                #expect(answer.status == 200)
                #expect(answer.content.contains(#""data":[{"index":0,"embedding":[\#(index)]}]"#))
                #expect(answer.content.contains(#""prompt_tokens":1"#))
            }
            try await relay.settle()
            let traffic = await relay.server.metrics().models["e"] ?? ModelTraffic()
            #expect(traffic.completed == 4)
            #expect(traffic.tokens.prompt + traffic.estimatedTokens.prompt == 4)
        }
    }

    @Test func `One bad request among them fails alone`() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            guard exchange.body.contains("\"t2\"") else { return Self.embed(exchange) }
            exchange.send(UpstreamExchange.json(#"{"error":{"message":"bad t2"}}"#, status: "400 Bad Request"))
        }
        let slow = try await ScriptedUpstream()
        try await withRelay { relay in
            try await publish(relay, [slow.port], limit: nil, gatherAbove: 1)
            let (clients, first) = try await crowd(relay, 4, at: slow)
            try await publish(relay, [upstream.port], limit: nil, gatherAbove: 1)
            Self.embed(first)
            for (index, client) in clients.enumerated() {
                let answer = try await client.answer()
                #expect(answer.status == (index == 2 ? 400 : 200))
            }
            try await relay.settle()
        }
    }

    @Test func `Who leaves while waiting or together with others leaves them alone`() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await publish(relay, [upstream.port], limit: nil, gatherAbove: 1)
            let (clients, first) = try await crowd(relay, 5, at: upstream)
            try await clients[1].close()
            try await eventually("one has left") { await relay.server.metrics().inFlight == 4 }
            Self.embed(first)
            let together = try await upstream.next()
            #expect(together.body == #"{"model":"e","input":["t2","t3","t4"]}"#)
            try await clients[3].close()
            try await eventually("another has left") { await relay.traffic(of: "e").cancelled == 2 }
            Self.embed(together)
            for index in [2, 4] {
                #expect(try await clients[index].answer().content.contains("[\(index)]"))
            }
            try await relay.settle()
            // With nobody left to wait, the engine's work ends too.
            let late = try await connect(relay, 3)
            for client in late { try await client.post(path, #"{"model":"e","input":"t9"}"#) }
            let alone = try await upstream.next()
            try await eventually("all are in flight") { await relay.server.metrics().inFlight == 3 }
            Self.embed(alone)
            let pair = try await upstream.next()
            for client in late { try await client.close() }
            try await pair.closed()
            try await relay.settle()
        }
    }

    /// So many clients that ask, each `tN` of its own: the first one's request is at the upstream, the others wait.
    private func crowd(
        _ relay: TestRelay,
        _ count: Int,
        at upstream: ScriptedUpstream
    ) async throws -> (clients: [RawClient], first: UpstreamExchange) {
        let clients = try await connect(relay, count)
        try await clients[0].post(path, #"{"model":"e","input":"t0"}"#)
        let first = try await upstream.next()
        for index in 1..<count { try await clients[index].post(path, #"{"model":"e","input":["t\#(index)"]}"#) }
        try await eventually("all are in flight") { await relay.server.metrics().inFlight == count }
        return (clients, first)
    }

    private func connect(_ relay: TestRelay, _ count: Int) async throws -> [RawClient] {
        var clients: [RawClient] = []
        for _ in 0..<count { clients.append(try await relay.connect()) }
        return clients
    }
}
