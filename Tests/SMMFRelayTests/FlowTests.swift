// SPDX-License-Identifier: MIT

import NIOCore
import SMMFRelay
import SMMFTesting
import Testing

@Suite struct FlowTests {
    @Test func aSlowReaderHoldsItsUpstreamBack() async throws {
        try await withRelay { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let client = try await RawClient.connect(relay.port, receiveBuffer: 16_384)
            try await client.chat(stream: true, fields: "Connection: close\r\n")
            let exchange = try await upstream.next()
            let pieces = 1024
            let piece = UpstreamExchange.event(String(repeating: "x", count: 65_536))
            exchange.send(UpstreamExchange.streamHead)
            for _ in 0..<pieces { exchange.send(piece) }
            exchange.send("0\r\n\r\n")
            // The relay takes what the sockets hold, and then no more.
            var last = -1
            try await eventually("the relay stops taking bytes", every: .milliseconds(300)) {
                let now = await relay.server.metrics().bytesToClients
                defer { last = now }
                return now > 0 && now == last
            }
            #expect(last < pieces * piece.utf8.count / 4)
            #expect(exchange.channel.isWritable == false)
            try await client.channel.setOption(.autoRead, value: true).get()
            let received = try await client.readToEnd()
            #expect(received.hasSuffix("0\r\n\r\n"))
            #expect(received.utf8.count > pieces * piece.utf8.count)
            try await relay.settle()
        }
    }

    @Test func aReaderThatStopsIsCutOff() async throws {
        try await withRelay {
            $0.timeouts.slowReader = .milliseconds(1)
        } _: { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let client = try await RawClient.connect(relay.port, receiveBuffer: 16_384)
            try await client.chat(stream: true)
            let exchange = try await upstream.next()
            let piece = UpstreamExchange.event(String(repeating: "x", count: 65_536))
            exchange.send(UpstreamExchange.streamHead)
            for _ in 0..<1024 { exchange.send(piece) }
            try await exchange.closed()
            try await relay.settle()
            #expect(await relay.traffic.cancelled == 1)
            try await client.close()
        }
    }

    @Test func drainingLetsStreamsFinish() async throws {
        try await withRelay(loops: 2) { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let idle = try await relay.connect()
            try await idle.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await idle.answer().status == 200)
            let busy = try await relay.connect()
            try await busy.chat(stream: true)
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{\"n\":1}"))
            try await busy.wait(for: "{\"n\":1}")
            async let drained: Void = relay.server.drain(deadline: .seconds(60))
            #expect(try await idle.readToEnd().isEmpty)
            try await eventually("new connections are refused") {
                do {
                    _ = try await relay.connect()
                    return false
                } catch { return true }
            }
            exchange.send(UpstreamExchange.event("{\"n\":2}") + "0\r\n\r\n")
            let answer = try await busy.answer()
            #expect(answer.isComplete && answer.content.contains("{\"n\":2}"))
            #expect(try await busy.readToEnd().isEmpty)
            await drained
            try await relay.settle()
            #expect(await relay.traffic.completed == 1)
        }
    }

    @Test func theDrainingDeadlineCuts() async throws {
        try await withRelay { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.chat(stream: true)
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{\"n\":1}"))
            try await client.wait(for: "{\"n\":1}")
            await relay.server.drain(deadline: .milliseconds(1))
            #expect(try await client.answer().isComplete == false)
            try await exchange.closed()
            try await relay.settle()
        }
    }

    @Test func aSecondListenerSharesThePortOfTheFirst() async throws {
        try await withRelay(loops: 3) { relay in
            for _ in 0..<30 {
                let client = try await relay.connect()
                try await client.send("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                #expect(try await client.answer().status == 200)
            }
            #expect(await relay.server.metrics().connectionsAccepted == 30)
        }
    }
}
