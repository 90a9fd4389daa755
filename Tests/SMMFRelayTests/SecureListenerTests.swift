// SPDX-License-Identifier: MIT

import NIOCore
import NIOSSL
import SMMFCore
import SMMFRelay
import SMMFTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// TLS on the listener.
@Suite struct SecureListenerTests {
    @Test func requestsAndStreamsPassOverTLS() async throws {
        let certificates = try await TestCertificates()
        try await withRelay(loops: 2) {
            $0.tls = certificates.listener()
        } _: { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let context = try certificates.client(protocols: ["http/1.1"])
            let client = try await RawClient.connect(relay.port, tls: context)
            try await client.chat(stream: true)
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{}") + "0\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.status == 200 && answer.isComplete && answer.content == "data: {}\n\n")
            try await client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.answer().status == 200)
            // A client without ALPN speaks HTTP/1.1.
            let old = try await RawClient.connect(relay.port, tls: try certificates.client())
            try await old.send("GET /health HTTP/1.0\r\n\r\n")
            #expect(try await old.answer().status == 200)
            try await relay.settle()
            let metrics = await relay.server.metrics()
            #expect(metrics.connectionsAccepted == 2 && metrics.handshakesFailed == 0)
        }
    }

    @Test func whoSpeaksNoTLSIsTurnedAway() async throws {
        let certificates = try await TestCertificates()
        try await withRelay {
            $0.tls = certificates.listener()
        } _: { relay in
            let client = try await relay.connect()
            try await client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.readToEnd().contains("HTTP/1.1 200") == false)
            try await eventually("it is counted") { await relay.server.metrics().handshakesFailed == 1 }
            #expect(await relay.server.metrics().connections == 0)
        }
    }

    @Test func aHandshakeThatDoesNotComeIsGivenUp() async throws {
        let certificates = try await TestCertificates()
        try await withRelay {
            $0.tls = certificates.listener()
            $0.timeouts.requestHead = .milliseconds(100)
        } _: { relay in
            let client = try await relay.connect()
            #expect(try await client.readToEnd().isEmpty)
        }
    }

    @Test func aClientWithoutACertificateIsRefused() async throws {
        let certificates = try await TestCertificates()
        try await withRelay {
            $0.tls = certificates.listener(clientCA: "ca")
        } _: { relay in
            for name in [nil, "stranger"] {
                let context = try certificates.client(as: name)
                let stranger = try await RawClient.connect(relay.port, tls: context)
                try? await stranger.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await stranger.readToEnd().isEmpty)
            }
            let friend = try await RawClient.connect(relay.port, tls: try certificates.client(as: "client"))
            try await friend.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await friend.answer().status == 200)
            #expect(await relay.server.metrics().handshakesFailed == 2)
        }
    }

    @Test func aNewCertificateIsTakenUpAndABadOneIsNot() async throws {
        let certificates = try await TestCertificates()
        let folder = certificates.folder
        func put(_ name: String) throws {
            for ending in ["pem", "key"] {
                let text = try String(contentsOfFile: folder.file("\(name).\(ending)"), encoding: .utf8)
                try folder.write(text, to: "live.\(ending)")
            }
        }
        try put("server")
        try await withRelay {
            $0.tls = certificates.listener("live")
            $0.tls?.reloadInterval = .milliseconds(20)
        } _: { relay in
            let subject = { @Sendable () async throws -> String in
                let client = try await RawClient.connect(relay.port, tls: try certificates.client())
                try await client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.answer().status == 200)
                let peer = try await client.channel.nioSSL_peerCertificate().get()
                try await client.close()
                return peer.map { String(describing: $0) } ?? ""
            }
            try put("server")
            try await eventually("the first certificate is shown") { try await subject().contains("server") }
            try put("second")
            try await eventually("the new certificate is shown") { try await subject().contains("second") }
            try folder.write("no certificate", to: "live.pem")
            for _ in 0..<5 { #expect(try await subject().contains("second")) }
            // The next transport begins with a good one.
            try put("server")
        }
    }

    @Test(
        "a file that cannot be used is named with its field",
        arguments: [
            ("nowhere.pem", "server.key", nil, "server.tls.certificate", "cannot be read"),
            ("server.key", "server.key", nil, "server.tls.certificate", "holds no certificate"),
            ("server.pem", "server.pem", nil, "server.tls.key", "holds no private key"),
            ("server.pem", "second.key", nil, "server.tls.key", "is not the key of the certificate"),
            ("server.pem", "server.key", "nowhere.pem", "server.tls.client_ca", "cannot be read"),
        ] as [(String, String, String?, String, String)]
    )
    func badFiles(certificate: String, key: String, ca: String?, field: String, why: String) async throws {
        let folder = try await TestCertificates().folder
        let tls = ListenerTLS(
            certificate: folder.file(certificate),
            key: folder.file(key),
            clientCA: ca.map { folder.file($0) }
        )
        let error = await #expect(throws: SMMFError.self) {
            try await withRelay {
                $0.tls = tls
            } _: { _ in
            }
        }
        #expect(error?.field == field && error?.message.contains(why) == true, "\(error as Any)")
    }
}
