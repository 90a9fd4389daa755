// SPDX-License-Identifier: MIT

import NIOCore
import SMMFRelay
import SMMFTesting
import SMMFWire
import Testing

@Suite struct BreakingTests {
    @Test func aBrokenStreamEndsInAnErrorEvent() async throws {
        try await withRelay { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port, upstream.port])
            // Broken between chunks, inside a chunk, inside a size line, and behind content.
            let ends = ["", "20\r\ndata: {\"half", "1", "a\r\n0123456789"]
            // Without usage asked for, the beginning of an event is held back, and lost with the instance.
            for (rest, usage) in ends.map({ ($0, true) }) + ends.map({ ($0, false) }) {
                let client = try await relay.connect()
                try await client.chat(stream: true, usage: usage)
                let exchange = try await upstream.next()
                exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{\"n\":1}") + rest)
                try await client.wait(for: usage && !rest.isEmpty ? rest : "{\"n\":1}")
                exchange.close()
                let answer = try await client.answer()
                #expect(!answer.isComplete)
                #expect(answer.content.hasPrefix("data: {\"n\":1}\n\n"))
                let instance = answer.fields["smmf-instance"] ?? ""
                let end = "\n\ndata: {\"error\":{\"message\":\"The instance \(instance) broke off its answer.\","
                #expect(answer.content.contains(end))
                #expect(!answer.content.contains("[DONE]"))
                _ = try await client.readToEnd()
            }
            try await relay.settle()
            let traffic = await relay.traffic
            #expect(traffic.broken == 8 && traffic.retries == 0)
        }
    }

    @Test func brokenFramingInTheMiddleEndsInAnErrorEvent() async throws {
        try await withRelay { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.chat(stream: true)
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{\"n\":1}"))
            try await client.wait(for: "{\"n\":1}")
            exchange.send("garbage\r\n")
            let answer = try await client.answer()
            #expect(!answer.isComplete && answer.content.contains("broken framing"))
            try await exchange.closed()
            try await relay.settle()
        }
    }

    @Test func aBrokenJSONAnswerIsNotCompleted() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            let body = String(repeating: "x", count: 600)
            exchange.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"a\":\"\(body)"
            )
            exchange.close()
        }
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.chat()
            let answer = try await client.answer()
            #expect(answer.status == 200 && !answer.isComplete && !answer.content.contains("error"))
            try await relay.settle()
            #expect(await relay.traffic.broken == 1)
        }
    }

    @Test func aStreamThatNeverSaysItsEndIsBroken() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            exchange.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"a\":1}\n\n")
            exchange.close()
        }
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.chat(stream: true)
            let answer = try await client.answer()
            #expect(!answer.isComplete && answer.content.contains("upstream_broken"))
            #expect(await relay.traffic.broken == 1)
        }
    }

    @Test func aStreamThatStallsEndsInAnErrorEvent() async throws {
        try await withRelay {
            $0.timeouts.idle = .milliseconds(1)
        } _: { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.chat(stream: true)
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{\"n\":1}"))
            let answer = try await client.answer()
            #expect(!answer.isComplete && answer.content.contains("stopped in the middle"))
            try await exchange.closed()
            try await relay.settle()
        }
    }

    @Test func aClientThatLeavesCancelsTheUpstream() async throws {
        try await withRelay { relay in
            let upstream = try await ScriptedUpstream()
            try await relay.publish([upstream.port])
            let before = try await relay.connect()
            try await before.chat(stream: true)
            let unanswered = try await upstream.next()
            try await before.close()
            try await unanswered.closed()

            let during = try await relay.connect()
            try await during.chat(stream: true)
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{\"n\":1}"))
            try await during.wait(for: "{\"n\":1}")
            try await during.close()
            try await exchange.closed()
            try await relay.settle()
            let metrics = await relay.server.metrics()
            #expect(metrics.models["m"]?.cancelled == 2)
            #expect(metrics.upstreamConnections == 0)
        }
    }

    @Test func aThousandStreamsAThirdOfThemCancelled() async throws {
        try await withRelay(loops: 2) { relay in
            let cancelled = ScriptedUpstream.Counter()
            let upstream = try await ScriptedUpstream { exchange in
                exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event("{\"n\":1}"))
                if exchange.body.contains("endless") {
                    exchange.channel.closeFuture.whenComplete { _ in _ = cancelled.next() }
                } else {
                    exchange.send(UpstreamExchange.event("{\"n\":2}") + UpstreamExchange.event("[DONE]") + "0\r\n\r\n")
                }
            }
            try await relay.publish([upstream.port, upstream.port])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<20 {
                    group.addTask {
                        for round in 0..<50 where try await Self.oneStream(relay, worker * 50 + round) == false {
                            Issue.record("stream \(worker)/\(round) did not end as it should")
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await relay.settle()
            try await eventually("the upstream saw every cancellation") { cancelled.count == 334 }
            let traffic = await relay.traffic
            #expect([traffic.completed, traffic.cancelled] == [666, 334])
            #expect(traffic.broken == 0 && traffic.failed.isEmpty)
        }
    }

    private static func oneStream(_ relay: TestRelay, _ number: Int) async throws -> Bool {
        let client = try await relay.connect()
        let isCancelled = number % 3 == 0
        let text = isCancelled ? "endless" : "short"
        let body = #"{"model":"m","messages":[{"role":"user","content":"\#(text)"}],"stream":true}"#
        try await client.post("/v1/chat/completions", body)
        if isCancelled {
            try await client.wait(for: "{\"n\":1}")
            try await client.close()
            return true
        }
        let answer = try await client.answer()
        try await client.close()
        return answer.isComplete && answer.content.hasSuffix("data: [DONE]\n\n")
    }
}
