// SPDX-License-Identifier: MIT

import NIOCore
import NIOHPACK
import NIOHTTP2
import SMMFRelay
import SMMFRouting
import SMMFTesting
import Testing

/// HTTP/2 by ALPN: the same relay behind streams.
@Suite struct HTTP2Tests {
    private func withStreams(
        _ configure: @escaping (inout RelayConfiguration) -> Void = { _ in },
        _ test: (TestRelay, StreamClient) async throws -> Void
    ) async throws {
        let certificates = try await TestCertificates()
        try await withRelay {
            $0.tls = certificates.listener()
            configure(&$0)
        } _: { relay in
            let client = try await StreamClient.connect(relay.port, try certificates.client(protocols: ["h2"]))
            try await test(relay, client)
            try? await client.channel.close()
        }
    }

    @Test func requestsAreAnsweredSideBySide() async throws {
        try await withStreams { relay, client in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let slow = try await client.chat()
            let exchange = try await upstream.next()
            #expect(exchange.head.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
            #expect(!exchange.head.lowercased().contains("transfer-encoding"))
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{\"n\":1}"))
            try await eventually("the first event comes") { slow.state.content.contains("{\"n\":1}") }
            let health = try await client.get("/health").finished()
            #expect(health.status == "200" && health.content == #"{"status":"ok"}"# && health.hasEnded)
            let echo = try await client.open(StreamClient.fields("POST", "/echo"), body: "said").finished()
            #expect(echo.content == "said" && echo.fields["content-length"] == ["4"])
            let head = try await client.open(StreamClient.fields("HEAD", "/health")).finished()
            #expect(head.status == "200" && head.content.isEmpty && head.hasEnded)
            exchange.send(UpstreamExchange.event("{\"n\":2}") + "0\r\n\r\n")
            let answer = try await slow.finished()
            #expect(answer.status == "200" && answer.hasEnded && answer.content.hasSuffix("data: {\"n\":2}\n\n"))
            #expect(answer.fields["connection"].isEmpty && answer.fields["transfer-encoding"].isEmpty)
            #expect(answer.fields["x-request-id"].count == 1)
            try await relay.settle()
            #expect(await relay.traffic.completed == 1)
            let metrics = await relay.server.metrics()
            #expect(metrics.connectionsAccepted == 1 && metrics.connections == 1 && metrics.local == 3)
        }
    }

    @Test(arguments: [true, false]) func aStreamThatWaitsGetsCommentsAndThenItsAnswerOrAReset(isGood: Bool) async throws
    {
        try await withStreams {
            $0.timeouts.holdSign = .milliseconds(1)
        } _: { relay, client in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([], otherwise: .comingUp("it is loading, 40 %"))
            let stream = try await client.chat()
            try await eventually("a comment comes") { stream.state.content.hasPrefix(": it is loading, 40 %\n\n") }
            if isGood {
                try await relay.publish([upstream.port])
                let events = UpstreamExchange.event("{\"n\":1}") + UpstreamExchange.event("[DONE]")
                try await upstream.next().send(UpstreamExchange.streamHead + events + "0\r\n\r\n")
            } else {
                try await relay.publish([], otherwise: .unavailable("out of memory"))
            }
            let answer = try await stream.finished()
            #expect(answer.status == "200" && answer.hasEnded == isGood, "\(answer)")
            #expect(answer.content.hasSuffix("data: {\"n\":1}\n\ndata: [DONE]\n\n") == isGood, "\(answer)")
            #expect(answer.content.contains("out of memory") != isGood)
            try await relay.settle()
        }
    }

    @Test func aResetStreamCancelsItsUpstreamAndNothingElse() async throws {
        try await withStreams { relay, client in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let stream = try await client.chat()
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{}"))
            try await eventually("the first event comes") { stream.state.content.contains("{}") }
            stream.cancel()
            try await exchange.closed()
            #expect(try await client.get("/health").finished().status == "200")
            try await relay.settle()
            #expect(await relay.traffic.cancelled == 1)
        }
    }

    @Test func aLostConnectionCancelsAllUpstreams() async throws {
        try await withStreams { relay, client in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            _ = try await client.chat()
            let first = try await upstream.next()
            _ = try await client.chat()
            let second = try await upstream.next()
            try await client.channel.close()
            try await first.closed()
            try await second.closed()
            try await relay.settle()
            #expect(await relay.traffic.cancelled == 2)
            try await eventually("the connection is gone") { await relay.server.metrics().connections == 0 }
        }
    }

    @Test func aBrokenAnswerIsAResetBehindAnError() async throws {
        try await withStreams { relay, client in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let stream = try await client.chat()
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{\"n\":1}"))
            try await eventually("the first event comes") { stream.state.content.contains("{\"n\":1}") }
            exchange.close()
            let answer = try await stream.finished()
            #expect(!answer.hasEnded && answer.resetCode == .internalError)
            #expect(answer.content.contains("upstream_broken"))
            try await relay.settle()
            #expect(await relay.traffic.broken == 1)
        }
    }

    @Test func aSlowReaderHoldsItsUpstreamBackAndNobodyElse() async throws {
        try await withStreams { relay, client in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let slow = try await client.chat(reads: false)
            let exchange = try await upstream.next()
            let piece = UpstreamExchange.event(String(repeating: "x", count: 65_536))
            exchange.send(UpstreamExchange.streamHead)
            for _ in 0..<512 { exchange.send(piece) }
            exchange.send("0\r\n\r\n")
            var last = -1
            try await eventually("the relay stops taking bytes", every: .milliseconds(300)) {
                let now = await relay.server.metrics().bytesToClients
                defer { last = now }
                return now > 0 && now == last
            }
            // One window and what may wait behind it, and not what an instance could send.
            #expect(last < 1_000_000)
            #expect(exchange.channel.isWritable == false)
            try await slow.startReading()
            let answer = try await slow.finished()
            #expect(answer.hasEnded && answer.content.utf8.count > 512 * 65_536)
            try await relay.settle()
            #expect(await relay.traffic.completed == 1)
        }
    }

    @Test func drainingFinishesStreams() async throws {
        try await withStreams { relay, client in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let stream = try await client.chat()
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{\"n\":1}"))
            try await eventually("the first event comes") { stream.state.content.contains("{\"n\":1}") }
            async let drained: Void = relay.server.drain(deadline: .seconds(60))
            exchange.send(UpstreamExchange.event("{\"n\":2}") + "0\r\n\r\n")
            let answer = try await stream.finished()
            #expect(answer.hasEnded && answer.content.contains("{\"n\":2}"))
            await drained
            try await within("the connection to close") { try await client.channel.closeFuture.get() }
        }
    }

    @Test(
        "malformed requests are reset, and the connection goes on",
        arguments: [
            [":method": "GET", ":scheme": "https", ":path": "/health", "connection": "close", "host": "x"],
            [":method": "GET", ":scheme": "https", ":authority": "x"],
            [":method": "GET", ":scheme": "https", ":authority": "x", ":path": "/health", "x": "a\r\nb: c"],
            [":method": "GET", ":scheme": "https", ":authority": "x", ":path": "/health", "X-Upper": "a"],
        ] as [HPACKHeaders]
    )
    func malformed(fields: HPACKHeaders) async throws {
        try await withStreams { _, client in
            let answer = try await client.open(fields).finished()
            #expect(answer.status.isEmpty && !answer.hasEnded && answer.resetCode == .protocolError)
            #expect(try await client.get("/health").finished().status == "200")
        }
    }

    @Test func aBodyOverTheLimitIsRefusedAtOnce() async throws {
        try await withStreams {
            $0.bodyLimit = 1_000
        } _: { _, client in
            let body = String(repeating: "x", count: 5_000)
            let fields = StreamClient.fields("POST", "/echo")
            let answer = try await client.open(fields, body: body, ends: false).finished()
            #expect(answer.status == "413" && answer.hasEnded)
            #expect(try await client.get("/health").finished().status == "200")
        }
    }

    @Test func aConnectionThatOnlyResetsIsClosed() async throws {
        try await withStreams {
            $0.maxStreamResets = 20
        } _: { relay, client in
            let upstream = try await ScriptedUpstream { _ in }
            try await relay.publish([upstream.port])
            for _ in 0..<40 where client.channel.isActive { try? await client.chat().cancel() }
            try await within("the connection to close") { try await client.channel.closeFuture.get() }
            try await relay.settle()
        }
    }

    @Test func anIdleConnectionIsSentAway() async throws {
        try await withStreams {
            $0.timeouts.keepAlive = .seconds(3)
        } _: { relay, client in
            #expect(try await client.get("/health").finished().status == "200")
            try await within("the connection to close") { try await client.channel.closeFuture.get() }
            try await eventually("the relay knows") { await relay.server.metrics().connections == 0 }
        }
    }
}
