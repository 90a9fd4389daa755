// SPDX-License-Identifier: MIT

import NIOCore
import NIOPosix
import NIOSSL
import SMMFCore
import SMMFRelay
import SMMFTesting
import Testing

/// TLS towards instances, on every transport.
@Suite struct SecureUpstreamTests {
    private static let good = UpstreamExchange.json(#"{"choices":[]}"#)

    private func ask(
        _ relay: TestRelay,
        at host: String = "localhost",
        _ upstream: ScriptedUpstream
    ) async throws -> ReceivedAnswer {
        try await relay.publish(endpoint: Endpoint(host: host, port: upstream.port, isTLS: true))
        let client = try await relay.connect()
        try await client.chat()
        let answer = try await client.answer()
        try await relay.settle()
        return answer
    }

    @Test("a believed certificate serves, by host name and by address", arguments: ["localhost", "127.0.0.1"])
    func believed(host: String) async throws {
        let certificates = try await TestCertificates()
        try await withRelay {
            $0.upstreamTLS.ca = certificates.certificate("ca")
        } _: { relay in
            let upstream = try await ScriptedUpstream(tls: try certificates.server("server")) { $0.send(Self.good) }
            for _ in 0..<3 {
                let answer = try await ask(relay, at: host, upstream)
                #expect(answer.status == 200 && answer.content == #"{"choices":[]}"#, "\(answer)")
            }
            // The connection was kept.
            #expect(upstream.connectionCount == 1)
        }
    }

    @Test func aConnectionIsThereBeforeAnybodyAsks() async throws {
        let certificates = try await TestCertificates()
        try await withRelay {
            $0.upstreamTLS.ca = certificates.certificate("ca")
        } _: { relay in
            let upstream = try await ScriptedUpstream(tls: try certificates.server("server")) { $0.send(Self.good) }
            try await relay.publish(endpoint: Endpoint(host: "localhost", port: upstream.port, isTLS: true))
            try await eventually("a connection is idle") { await relay.server.metrics().upstreamIdle == 1 }
            let client = try await relay.connect()
            try await client.chat()
            #expect(try await client.answer().status == 200)
            #expect(upstream.connectionCount == 1)
        }
    }

    @Test func streamsAndLargeBodiesPass() async throws {
        let certificates = try await TestCertificates()
        try await withRelay {
            $0.upstreamTLS.ca = certificates.certificate("ca")
        } _: { relay in
            let upstream = try await ScriptedUpstream(tls: try certificates.server("server"))
            try await relay.publish(endpoint: Endpoint(host: "localhost", port: upstream.port, isTLS: true))
            let client = try await relay.connect()
            let text = String(repeating: "y", count: 1_000_000)
            let body = #"{"model":"m","messages":[{"role":"user","content":"\#(text)"}],"stream":true}"#
            try await client.post("/v1/chat/completions", body)
            let exchange = try await upstream.next()
            #expect(exchange.body.contains(text) && exchange.head.contains("host: localhost:\(upstream.port)\r\n"))
            exchange.send(UpstreamExchange.streamHead)
            let piece = UpstreamExchange.event(String(repeating: "x", count: 65_536))
            for _ in 0..<64 { exchange.send(piece) }
            exchange.send("0\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.isComplete && answer.content.utf8.count == 64 * (65_536 + 8))
            try await relay.settle()
            #expect(await relay.traffic.completed == 1)
        }
    }

    @Test func aSlowReaderHoldsASecureInstanceBack() async throws {
        let certificates = try await TestCertificates()
        try await withRelay {
            $0.upstreamTLS.ca = certificates.certificate("ca")
        } _: { relay in
            let upstream = try await ScriptedUpstream(tls: try certificates.server("server"))
            try await relay.publish(endpoint: Endpoint(host: "localhost", port: upstream.port, isTLS: true))
            let client = try await RawClient.connect(relay.port, receiveBuffer: 16_384)
            try await client.chat(stream: true, fields: "Connection: close\r\n")
            let exchange = try await upstream.next()
            let pieces = 512
            exchange.send(UpstreamExchange.streamHead)
            let piece = UpstreamExchange.event(String(repeating: "x", count: 65_536))
            for _ in 0..<pieces { exchange.send(piece) }
            exchange.send("0\r\n\r\n")
            var last = -1
            try await eventually("the relay stops taking bytes", every: .milliseconds(300)) {
                let now = await relay.server.metrics().bytesToClients
                defer { last = now }
                return now > 0 && now == last
            }
            #expect(last < pieces * piece.utf8.count / 2)
            try await client.channel.setOption(.autoRead, value: true).get()
            let received = try await client.readToEnd()
            #expect(received.hasSuffix("0\r\n\r\n") && received.utf8.count > pieces * piece.utf8.count)
            try await relay.settle()
        }
    }

    @Test(
        "a certificate that is not believed is a 502 that says why",
        arguments: [
            ("expired", "localhost", "its certificate expired"),
            ("elsewhere", "localhost", "its certificate is not for localhost"),
            ("elsewhere", "127.0.0.1", "its certificate is not for 127.0.0.1"),
            ("stranger", "localhost", "an authority that is not trusted here"),
        ]
    )
    func unbelieved(name: String, host: String, why: String) async throws {
        let certificates = try await TestCertificates()
        try await withRelay {
            $0.upstreamTLS.ca = certificates.certificate("ca")
        } _: { relay in
            let upstream = try await ScriptedUpstream(tls: try certificates.server(name)) { $0.send(Self.good) }
            let answer = try await ask(relay, at: host, upstream)
            #expect(answer.status == 502 && answer.content.contains(why), "\(answer.content)")
            // The one that was made before anybody asked, and one for the request unless it came in time for that.
            #expect(await relay.server.metrics().upstreamConnectFailures > 0)
            #expect(await relay.traffic.failed == [502: 1])
        }
    }

    @Test func theSystemsAuthoritiesDoNotKnowTheTests() async throws {
        let certificates = try await TestCertificates()
        try await withRelay { relay in
            let upstream = try await ScriptedUpstream(tls: try certificates.server("server")) { $0.send(Self.good) }
            let answer = try await ask(relay, upstream)
            #expect(answer.status == 502 && answer.content.contains("server.upstream_tls.ca"), "\(answer.content)")
        }
    }

    @Test func anExemptHostIsNotAskedForACertificate() async throws {
        let certificates = try await TestCertificates()
        let upstream = try await ScriptedUpstream(tls: try certificates.server("stranger")) { $0.send(Self.good) }
        try await withRelay {
            $0.upstreamTLS.insecure = ["localhost:\(upstream.port)"]
        } _: { relay in
            let named = try await ask(relay, upstream)
            #expect(named.status == 200)
            let other = try await ask(relay, at: "127.0.0.1", upstream)
            #expect(other.status == 502)
        }
    }

    @Test func aHandshakeCountsIntoTheTimeToConnect() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay {
            $0.timeouts.connect = .milliseconds(300)
        } _: { relay in
            // Nobody answers the handshake there.
            let answer = try await ask(relay, upstream)
            #expect(answer.status == 502 || answer.status == 503, "\(answer.content)")
        }
    }

    @Test func whoDoesNotSpeakTLSIsSaidSo() async throws {
        let plain = try await PlainTalker()
        try await withRelay { relay in
            try await relay.publish(endpoint: Endpoint(host: "localhost", port: plain.port, isTLS: true))
            let client = try await relay.connect()
            try await client.chat()
            let answer = try await client.answer()
            #expect(answer.status == 502 && answer.content.contains("it does not speak TLS"), "\(answer.content)")
        }
    }

    @Test("an answer that only its connection ends must end with a farewell", arguments: [true, false])
    func truncation(isClean: Bool) async throws {
        let certificates = try await TestCertificates()
        try await withRelay {
            $0.upstreamTLS.ca = certificates.certificate("ca")
        } _: { relay in
            let upstream = try await ScriptedUpstream(tls: try certificates.server("server")) { exchange in
                exchange.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"choices\":[]}")
                if isClean { exchange.close() } else { exchange.cutTLS() }
            }
            let answer = try await ask(relay, upstream)
            #expect(answer.status == (isClean ? 200 : 502), "\(answer.content)")
        }
    }
}

/// A server that greets in plain text, whatever it is sent.
private struct PlainTalker: Sendable {
    let port: Int

    init() async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Greeter()) }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        port = listener.localAddress?.port ?? 0
    }

    private final class Greeter: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\n\r\n")), promise: nil)
        }
    }
}
