// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTesting
import Testing

@Suite struct FailoverTests {
    /// Ways for the first instance to fail before it has answered.
    enum Fault: String, CaseIterable {
        case closesAtOnce, closesBehindHead, closesBehindComment, busy, overloaded, badGateway, garbage, hugeHead
        case errorInStream, errorInJSON, emptyStream, badChunks

        func act(_ exchange: UpstreamExchange) {
            switch self {
            case .closesAtOnce: exchange.close()
            case .closesBehindHead: finish(exchange, UpstreamExchange.streamHead)
            case .closesBehindComment: finish(exchange, UpstreamExchange.streamHead + "8\r\n: ping\n\n\r\n")
            case .busy: exchange.send(UpstreamExchange.json("{}", status: "429 Too Many Requests"))
            case .overloaded: exchange.send(UpstreamExchange.json("{}", status: "503 Loading"))
            case .badGateway: exchange.send(UpstreamExchange.json("{}", status: "502 Bad"))
            case .garbage: exchange.send("SSH-2.0-OpenSSH_9.2\r\n\r\n")
            case .hugeHead: exchange.send("HTTP/1.1 200 OK\r\nA: " + String(repeating: "a", count: 70_000))
            case .errorInStream:
                exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event(#"{"error":{"message":"no"}}"#))
            case .errorInJSON: exchange.send(UpstreamExchange.json(#"{"error":{"message":"no"}}"#))
            case .emptyStream: exchange.send(UpstreamExchange.streamHead + "0\r\n\r\n")
            case .badChunks: exchange.send(UpstreamExchange.streamHead + "zz\r\n")
            }
        }

        private func finish(_ exchange: UpstreamExchange, _ text: String) {
            exchange.send(text)
            exchange.close()
        }
    }

    @Test(arguments: Fault.allCases) func anotherInstanceTakesOver(fault: Fault) async throws {
        let bad = try await ScriptedUpstream { fault.act($0) }
        let good = try await ScriptedUpstream { exchange in
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{}") + "0\r\n\r\n")
        }
        try await withRelay { relay in
            try await relay.publish([bad.port, good.port])
            let client = try await relay.connect()
            try await client.chat(stream: true)
            let answer = try await client.answer()
            #expect(answer.status == 200 && answer.content == "data: {}\n\n" && answer.isComplete)
            #expect(answer.fields["smmf-instance"] == "i1")
            try await relay.settle()
            let traffic = await relay.traffic
            #expect(traffic.retries == 1 && traffic.completed == 1)
        }
    }

    @Test(arguments: Fault.allCases) func theLastInstancesFaultIsTold(fault: Fault) async throws {
        let bad = try await ScriptedUpstream { fault.act($0) }
        try await withRelay { relay in
            try await relay.publish([bad.port])
            let client = try await relay.connect()
            try await client.chat(stream: true)
            let answer = try await client.answer()
            let isBusy = fault == .busy || fault == .overloaded
            #expect(answer.status == (isBusy ? 503 : 502))
            #expect((answer.fields["retry-after"] != nil) == isBusy)
            #expect(answer.content.contains("The instance i0 ") && answer.content.contains("upstream_failed"))
            #expect(answer.isComplete)
            // The connection goes on.
            try await client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.answer().status == 200)
            try await relay.settle()
        }
    }

    @Test func aRefusedConnectionFailsOver() async throws {
        let closed = try RefusingPort()
        let good = try await ScriptedUpstream { $0.send(UpstreamExchange.json("{}")) }
        try await withRelay { relay in
            try await relay.publish([closed.port, good.port])
            let client = try await relay.connect()
            for _ in 0..<3 {
                try await client.chat()
                #expect(try await client.answer().status == 200)
            }
            let metrics = await relay.server.metrics()
            #expect(metrics.upstreamConnectFailures >= 1)
            #expect(metrics.upstreamConnectFailures == metrics.models["m"]?.retries)
            try await relay.publish([closed.port])
            try await client.chat()
            let answer = try await client.answer()
            #expect(answer.status == 502 && answer.content.contains("connection refused"))
            try await relay.settle()
        }
    }

    @Test func aConnectionThatDiedMeanwhileCostsNothing() async throws {
        try await withRelay { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.chat()
            try await upstream.next().send(UpstreamExchange.json("{}"))
            #expect(try await client.answer().status == 200)
            // The kept connection takes the request and closes without a byte.
            try await client.chat()
            try await upstream.next().close()
            let again = try await upstream.next()
            #expect(again.connection == 1)
            again.send(UpstreamExchange.json("{}"))
            #expect(try await client.answer().status == 200)
            let metrics = await relay.server.metrics()
            #expect(metrics.staleConnections == 1)
            #expect(metrics.models["m"]?.retries == 0 && metrics.models["m"]?.completed == 2)
            try await relay.settle()
        }
    }

    @Test func aSilentInstanceTimesOut() async throws {
        try await withRelay {
            $0.timeouts.firstByte = .milliseconds(1)
        } _: { relay in
            let silent = try await ScriptedUpstream()
            try await relay.publish([silent.port])
            let client = try await relay.connect()
            try await client.chat()
            let exchange = try await silent.next()
            let answer = try await client.answer()
            #expect(answer.status == 504)
            try await exchange.closed()
            try await relay.settle()
        }
    }

    @Test func aRequestWaitsForAConnectionAndGivesUp() async throws {
        try await withRelay {
            $0.maxUpstreamConnections = 1
            $0.timeouts.connect = .seconds(1)
        } _: { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let first = try await relay.connect()
            try await first.chat()
            let exchange = try await upstream.next()
            let second = try await relay.connect()
            try await second.chat()
            let answer = try await second.answer()
            #expect(answer.status == 503 && answer.content.contains("no free connection"))
            exchange.send(UpstreamExchange.json("{}"))
            #expect(try await first.answer().status == 200)
            try await relay.settle()
        }
    }

    @Test func waitersGetTheConnectionThatBecomesFree() async throws {
        try await withRelay {
            $0.maxUpstreamConnections = 1
        } _: { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            var clients: [RawClient] = []
            for _ in 0..<5 {
                let client = try await relay.connect()
                try await client.chat()
                clients.append(client)
            }
            // The one in the middle leaves the line.
            try await eventually("all are in flight") { await relay.server.metrics().inFlight == 5 }
            try await clients[2].close()
            try await eventually("one has left") { await relay.server.metrics().inFlight == 4 }
            for _ in 0..<4 { try await upstream.next().send(UpstreamExchange.json("{}")) }
            for index in [0, 1, 3, 4] { #expect(try await clients[index].answer().status == 200) }
            #expect(upstream.connectionCount == 1)
            try await relay.settle()
        }
    }
}
