// SPDX-License-Identifier: MIT

import NIOCore
import SMMFRelay
import SMMFTesting
import Testing

/// Each wait has an end: of clients that are slow with their request or do not read, and of instances.
@Suite struct TimeoutTests {
    @Test func aStreamThatNeverEndsIsCutOffInTheEnd() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay {
            $0.timeouts.total = .milliseconds(300)
        } _: { relay in
            try await relay.publish([upstream.port])
            var answer: ReceivedAnswer
            var late = 0
            repeat {
                let client = try await relay.connect()
                try await client.chat(stream: true)
                let exchange = try await upstream.next()
                exchange.send(UpstreamExchange.streamHead)
                // It is as lively as can be, so no other deadline would ever come.
                let loop = exchange.channel.eventLoop
                let drip = loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) { _ in
                    exchange.send(UpstreamExchange.event("{\"n\":1}"))
                }
                answer = try await client.answer()
                drip.cancel()
                try await exchange.closed()
                // On a busy machine the time may be over before the first event.
                if answer.status == 504 { late += 1 }
            } while answer.status == 504 && late < 20
            #expect(!answer.isComplete && answer.content.contains("was cut off after 0.3 seconds"), "\(answer)")
            try await relay.settle()
            let traffic = await relay.traffic
            #expect(traffic.broken == 1 && traffic.failed[504, default: 0] == late)
        }
    }

    @Test func anInstanceThatOnlySendsCommentsIsGivenUp() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay {
            $0.timeouts.total = .milliseconds(300)
        } _: { relay in
            try await relay.publish([upstream.port, upstream.port])
            let client = try await relay.connect()
            try await client.chat(stream: true)
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead)
            let drip = exchange.channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) {
                _ in exchange.send("5\r\n: a\n\n\r\n")
            }
            let answer = try await client.answer()
            drip.cancel()
            #expect(answer.status == 504 && answer.content.contains("not answered within 0.3 seconds"))
            try await exchange.closed()
            // The connection goes on.
            try await client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.answer().status == 200)
            try await relay.settle()
            #expect(await relay.traffic.failed == [504: 1])
        }
    }

    @Test func interimAnswersWithoutEndAreNoAnswer() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            for _ in 0..<9 { exchange.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n") }
        }
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.chat(stream: true)
            let answer = try await client.answer()
            #expect(answer.status == 502 && answer.content.contains("interim answers without end"))
            try await relay.settle()
        }
    }

    @Test func aSilentInstanceIsGivenUpForTheNext() async throws {
        let silent = try await ScriptedUpstream { _ in }
        let good = try await ScriptedUpstream { $0.send(UpstreamExchange.json("{}")) }
        try await withRelay {
            $0.timeouts.firstByte = .milliseconds(1)
        } _: { relay in
            try await relay.publish([silent.port, good.port])
            let client = try await relay.connect()
            try await client.chat()
            // A loaded machine may time the good one out as well.
            let answer = try await client.answer()
            #expect(answer.status == 200 || answer.status == 504)
            try await relay.settle()
        }
    }

    /// A head and a body that trickle in, a piece every few milliseconds for as long as they are taken.
    @Test(arguments: [
        "GET /health HTTP/1.1\r\nHost: x\r\nA: ", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1c9c380\r\n",
    ])
    func aRequestThatTricklesIsRefused(beginning: String) async throws {
        try await withRelay {
            $0.timeouts.requestHead = .milliseconds(300)
            $0.timeouts.wholeBody = .milliseconds(300)
        } _: { relay in
            let client = try await relay.connect()
            try await client.send(beginning)
            let channel = client.channel
            let drip = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) { _ in
                channel.writeAndFlush(ByteBuffer(string: "a"), promise: nil)
            }
            let answer = try await client.answer()
            #expect(answer.status == 408 && answer.fields["connection"] == "close")
            drip.cancel()
            _ = try await client.readToEnd()
        }
    }

    @Test func aClientThatAsksOnAndOnWithoutReadingIsNotServedOnAndOn() async throws {
        try await withRelay { relay in
            let client = try await RawClient.connect(relay.port, receiveBuffer: 16_384)
            let path = "/v1/models/" + String(repeating: "m", count: 8_000)
            let request = "GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n"
            let count = 2_000
            for _ in 1..<count { client.channel.write(ByteBuffer(string: request), promise: nil) }
            let last = request.replacing("Host: x", with: "Host: x\r\nConnection: close")
            client.channel.writeAndFlush(ByteBuffer(string: last), promise: nil)
            var before = -1
            try await eventually("the relay stops answering", every: .milliseconds(300)) {
                let now = await relay.server.metrics().local
                defer { before = now }
                return now > 0 && now == before
            }
            #expect(before < count / 2)
            // It is all there once the client reads.
            try await client.channel.setOption(.autoRead, value: true).get()
            let received = try await client.readToEnd()
            #expect(received.split(separator: "HTTP/1.1 200 OK\r\n").count == count && received.hasSuffix(path))
        }
    }
}
