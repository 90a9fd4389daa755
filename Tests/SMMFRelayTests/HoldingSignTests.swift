// SPDX-License-Identifier: MIT

import NIOCore
import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTesting
import Testing

/// Comments for clients that wait for a stream: nothing is committed by them but the status, and no error ends cleanly.
@Suite struct HoldingSignTests {
    private let coming = RouteEntry.Availability.comingUp("it is loading, 40 %: reading\u{1}the weights")
    private static let comment = ": it is loading, 40 %: reading the weights\n\n"
    private static let events = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]\n\n"

    private static func chunked(_ text: String) -> String {
        let head = UpstreamExchange.streamHead
        // In odd pieces, so that our chunks and the instance's are not the same.
        let half = text.index(text.startIndex, offsetBy: text.count / 2)
        return head
            + [text[..<half], text[half...]].map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
            + "0\r\n\r\n"
    }

    private static func sized(_ text: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"
    }

    private static func closing(_ text: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n\(text)"
    }

    /// A client that has got the first comment.
    private func waiting(_ relay: TestRelay, usage: Bool = false) async throws -> RawClient {
        try await relay.publish([], otherwise: coming)
        let client = try await relay.connect()
        try await client.chat(stream: true, usage: usage)
        try await client.wait(forContent: Self.comment)
        return client
    }

    /// The content without comments.
    private func events(_ answer: ReceivedAnswer) -> String {
        answer.content.split(separator: "\n\n", omittingEmptySubsequences: true)
            .filter { !$0.hasPrefix(":") }.map { "\($0)\n\n" }.joined()
    }

    private static func quick(_ configuration: inout RelayConfiguration) {
        configuration.timeouts.holdSign = .milliseconds(1)
    }

    @Test(arguments: ["chunked", "sized", "closing"], [true, false])
    func theStreamFollowsTheComments(framing: String, usage: Bool) async throws {
        try await withRelay(Self.quick) { relay in
            let upstream = try await ScriptedUpstream()
            let client = try await waiting(relay, usage: usage)
            try await relay.publish([upstream.port])
            let exchange = try await upstream.next()
            switch framing {
            case "chunked": exchange.send(Self.chunked(Self.events))
            case "sized": exchange.send(Self.sized(Self.events))
            default:
                exchange.send(Self.closing(Self.events))
                exchange.close()
            }
            let answer = try await client.answer()
            #expect(answer.status == 200 && answer.isComplete, "\(answer)")
            #expect(answer.fields["content-type"] == "text/event-stream")
            #expect(answer.content.hasPrefix(Self.comment))
            #expect(events(answer) == Self.events)
            try await relay.settle()
            #expect(await relay.traffic.completed == 1)
            // The connection goes on.
            try await client.chat()
            try await upstream.next().send(UpstreamExchange.json("{}"))
            #expect(try await client.answer().status == 200)
        }
    }

    @Test(arguments: ["dies", "503", "error inside", "hangs up in the head"])
    func anotherInstanceTakesOverBehindComments(fault: String) async throws {
        try await withRelay(Self.quick) { relay in
            let first = try await ScriptedUpstream()
            let second = try await ScriptedUpstream()
            let client = try await waiting(relay)
            try await relay.publish([first.port, second.port])
            let failing = try await first.next()
            switch fault {
            case "503": failing.send(UpstreamExchange.json("{}", status: "503 Service Unavailable"))
            case "error inside":
                failing.send(UpstreamExchange.streamHead + UpstreamExchange.event(#"{"error":{"message":"no"}}"#))
            case "hangs up in the head":
                failing.send("HTTP/1.1 200 OK\r\nContent-")
                failing.close()
            default: failing.close()
            }
            try await second.next().send(Self.chunked(Self.events))
            let answer = try await client.answer()
            #expect(answer.isComplete && events(answer) == Self.events, "\(answer)")
            try await relay.settle()
            #expect(await relay.traffic.retries == 1)
        }
    }

    @Test(arguments: [
        ("removed", "was removed"), ("given up", "out of memory"), ("400", "too long"),
        ("no stream", "without a stream"),
        ("broken", "closed the connection"), ("error inside", "no such thing"),
    ])
    func errorsAreEventsAndNoEnd(case test: (name: String, words: String)) async throws {
        try await withRelay(Self.quick) { relay in
            let upstream = try await ScriptedUpstream()
            let client = try await waiting(relay)
            switch test.name {
            case "removed": await relay.server.publish(RoutingTable())
            case "given up": try await relay.publish([], otherwise: .unavailable("out of memory"))
            default:
                try await relay.publish([upstream.port])
                let exchange = try await upstream.next()
                switch test.name {
                case "400":
                    let body = #"{"error":{"message":"the prompt is too long"}}"#
                    exchange.send(UpstreamExchange.json(body, status: "400 Bad Request"))
                case "no stream": exchange.send(UpstreamExchange.json(#"{"choices":[]}"#))
                case "error inside":
                    let error = UpstreamExchange.event(#"{"error":{"message":"no such thing"}}"#)
                    exchange.send(UpstreamExchange.streamHead + error)
                default: exchange.close()
                }
            }
            let answer = try await client.lastAnswer()
            #expect(answer.status == 200 && !answer.isComplete, "\(answer)")
            let told = events(answer)
            #expect(told.hasPrefix("data: {\"error\":{") && told.contains(test.words), "\(answer)")
            #expect(!answer.content.contains("[DONE]"))
            try await relay.settle()
            #expect(await relay.traffic.completed == 0)
        }
    }

    @Test func theTimeToHoldEndsBehindComments() async throws {
        try await withRelay {
            Self.quick(&$0)
            $0.timeouts.hold = .seconds(1)
        } _: { relay in
            let client = try await waiting(relay)
            let answer = try await client.lastAnswer()
            #expect(!answer.isComplete && events(answer).contains("it is loading, 40 %"), "\(answer)")
            try await relay.settle()
        }
    }

    @Test func whoLeavesIsForgotten() async throws {
        try await withRelay(Self.quick) { relay in
            let client = try await waiting(relay)
            try await client.close()
            try await eventually("the client that left is forgotten") { await relay.server.metrics().held == 0 }
            try await relay.settle()
            #expect(await relay.traffic.cancelled == 1)
        }
    }

    @Test func othersGetTheirStatusAndWhenToComeAgain() async throws {
        try await withRelay {
            Self.quick(&$0)
            $0.timeouts.hold = .seconds(1)
        } _: { relay in
            let plain = try relay.entry("m", [], otherwise: coming)
            let entry = RouteEntry(
                name: plain.name,
                kind: plain.kind,
                groups: [],
                otherwise: coming,
                loadSeconds: 42
            )
            await relay.server.publish(RoutingTable([entry]))
            let body = #"{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}"#
            let whole = try await relay.connect()
            try await whole.chat()
            let old = try await relay.connect()
            try await old.post("/v1/chat/completions", body, version: "1.0")
            for client in [whole, old] {
                let answer = try await client.answer()
                #expect(answer.status == 503 && answer.content.contains("it is loading, 40 %"), "\(answer)")
                #expect(answer.fields["retry-after"] == "42")
            }
            try await relay.settle()
        }
    }

    /// Before the first sign is due nothing is sent, so that a short load costs nobody the status.
    @Test func aShortWaitIsSilent() async throws {
        try await withRelay {
            $0.timeouts.holdSign = .seconds(60)
        } _: { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([], otherwise: coming)
            let client = try await relay.connect()
            try await client.chat(stream: true)
            try await eventually("the request is held") { await relay.server.metrics().held == 1 }
            try await relay.publish([upstream.port])
            try await upstream.next().send(UpstreamExchange.json("{}", status: "400 Bad Request"))
            #expect(try await client.answer().status == 400)
        }
    }
}
