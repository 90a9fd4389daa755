// SPDX-License-Identifier: MIT

import NIOCore
import SMMFCore
import SMMFRelay
import SMMFTesting
import SMMFWire
import Testing

@testable import SMMFRouting

/// Limits of keys on the wire, and what each end of a request costs.
@Suite struct KeyLimitTests {
    /// The prompt of `RawClient.chat`: `[{"role":"user","content":"hi"}]` are 32 bytes.
    private let prompt = 8

    private func withKey(
        _ limits: KeyLimits,
        _ test: (TestRelay, ScriptedUpstream, KeyMeter, RawClient) async throws -> Void
    ) async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            var keys = TestKeys()
            let meter = try keys.add("k", limits)
            try await relay.publish([upstream.port], keys)
            try await test(relay, upstream, meter, relay.connect())
            try await relay.settle()
            meter.expectSettled()
        }
    }

    private func body(_ prompt: Int, _ completion: Int) -> String {
        #"{"choices":[],"usage":{"prompt_tokens":\#(prompt),"completion_tokens":\#(completion)}}"#
    }

    private func ask(_ client: RawClient, maxTokens: Int? = nil, stream: Bool = false) async throws {
        let most = maxTokens.map { #","max_tokens":\#($0)"# } ?? ""
        let body = #"{"model":"m","stream":\#(stream),"messages":[{"role":"user","content":"hi"}]\#(most)}"#
        try await client.post("/v1/chat/completions", body, fields: TestKeys.field("k"))
    }

    @Test("requests a minute: every answer says what is left, and the refusal when to come again")
    func requests() async throws {
        try await withKey(KeyLimits(requestsPerMinute: 2)) { _, upstream, meter, client in
            try await ask(client)
            let fields = "x-ratelimit-remaining-requests: 77\r\nx-ratelimit-limit-tokens: 5\r\n"
            try await upstream.next().send(UpstreamExchange.json(body(3, 4), fields: fields))
            let answer = try await client.answer()
            #expect(answer.status == 200 && answer.fields["x-ratelimit-limit-requests"] == "2")
            #expect(["1", "2"].contains(answer.fields["x-ratelimit-remaining-requests"]))
            // What a provider says about its own limits is not the client's business.
            #expect(answer.fields["x-ratelimit-limit-tokens"] == nil)
            // Far enough in debt for the slowest machine.
            meter.requests.charge(60, limit: 2, at: NIODeadline.now().uptimeNanoseconds)
            try await ask(client)
            let refused = try await client.answer()
            #expect(refused.status == 429 && refused.content.contains(#""code":"rate_limit_exceeded""#))
            #expect(refused.content.contains(#""type":"requests""#) && refused.content.contains("try again in "))
            #expect(refused.fields["x-ratelimit-remaining-requests"] == "0" && refused.fields["connection"] == nil)
            let milliseconds = try #require(refused.fields["retry-after-ms"].flatMap { Int($0) })
            #expect(milliseconds > 0 && milliseconds <= 3_600_000)
            #expect(refused.fields["retry-after"] == String((milliseconds + 999) / 1000))
            #expect(refused.fields["x-ratelimit-reset-requests"]?.hasSuffix("s") == true)
            #expect(meter.requestCount == 1)
        }
    }

    @Test("tokens a minute are reserved by the most that may be written, and settled by what was")
    func tokens() async throws {
        try await withKey(KeyLimits(tokensPerMinute: 10_000)) { relay, upstream, meter, client in
            try await ask(client, maxTokens: 9000)
            let exchange = try await upstream.next()
            #expect(meter.reservedTokens == prompt + 9000)
            let other = try await relay.connect()
            try await ask(other, maxTokens: 9900)
            let refused = try await other.answer()
            #expect(refused.status == 429 && refused.content.contains(#""type":"tokens""#))
            #expect(refused.content.contains("limit 10000, requested 9908"))
            #expect(refused.fields["x-ratelimit-limit-tokens"] == "10000")
            try await ask(other, maxTokens: 60_000)
            let never = try await other.answer()
            #expect(never.status == 429 && never.fields["x-should-retry"] == "false")
            #expect(never.fields["retry-after"] == nil)
            exchange.send(UpstreamExchange.json(body(10, 20)))
            #expect(try await client.answer().status == 200)
            try await relay.settle()
            #expect(meter.tokenCount == 30 && meter.estimatedTokenCount == 0)
            try await ask(other, maxTokens: 6000)
            try await upstream.next().send(UpstreamExchange.json(body(1, 1)))
            let answer = try await other.answer()
            #expect(answer.status == 200)
            let remaining = try #require(answer.fields["x-ratelimit-remaining-tokens"].flatMap { Int($0) })
            #expect((3962...10_000).contains(remaining))
            let metrics = await relay.server.metrics()
            #expect(metrics.keyRefusals == [.tokens: 1, .tooLarge: 1])
        }
    }

    @Test("a place among the concurrent requests is taken from admission to the end")
    func concurrent() async throws {
        try await withKey(KeyLimits(concurrent: 1)) { relay, upstream, meter, client in
            try await ask(client, stream: true)
            let exchange = try await upstream.next()
            exchange.send(UpstreamExchange.streamHead + UpstreamExchange.event(#"{"n":1}"#))
            try await client.wait(for: #"{"n":1}"#)
            let other = try await relay.connect()
            try await ask(other)
            let refused = try await other.answer()
            #expect(refused.status == 429 && refused.content.contains("1 requests under way"))
            #expect(refused.fields["retry-after"] == "1")
            exchange.send(UpstreamExchange.event("[DONE]") + "0\r\n\r\n")
            _ = try await client.answer()
            try await relay.settle()
            try await ask(other)
            try await upstream.next().send(UpstreamExchange.json(body(1, 1)))
            #expect(try await other.answer().status == 200)
            #expect(meter.requestCount == 2)
        }
    }

    @Test("a budget that is spent says when it is whole again; what is left can be used to the last token")
    func budget() async throws {
        let limits = KeyLimits(budget: TokenBudget(tokens: 1000, period: .month))
        try await withKey(limits) { relay, upstream, meter, client in
            meter.setSpent(900)
            try await ask(client, maxTokens: 200)
            let tooMuch = try await client.answer()
            #expect(
                tooMuch.status == 429 && tooMuch.content.contains("has 100 left of its budget of 1000 tokens a month")
            )
            #expect(tooMuch.content.contains("may cost 208"))
            // Without a most of its own the request gets what is left.
            try await ask(client)
            let exchange = try await upstream.next()
            #expect(meter.reservedTokens == 100)
            exchange.send(UpstreamExchange.json(body(8, 92)))
            #expect(try await client.answer().status == 200)
            try await relay.settle()
            try await ask(client)
            let spent = try await client.answer()
            #expect(spent.status == 429 && spent.content.contains(#""type":"insufficient_quota""#))
            #expect(spent.content.contains(#""code":"insufficient_quota""#))
            #expect(spent.content.contains("has 0 left") && spent.content.contains("whole again at 2"))
            #expect(spent.content.contains("-01T00:00:00Z") && spent.fields["x-should-retry"] == "false")
            let after = try #require(spent.fields["retry-after"].flatMap { Int($0) })
            #expect(after > 0 && after <= 31 * 86_400)
        }
    }

    @Test("failover holds the key once, and charges what the last instance says")
    func failover() async throws {
        let dead = try await ScriptedUpstream { $0.close() }
        let good = try await ScriptedUpstream()
        try await withRelay { relay in
            var keys = TestKeys()
            let meter = try keys.add("k", KeyLimits(requestsPerMinute: 10, tokensPerMinute: 10_000, concurrent: 1))
            try await relay.publish([dead.port, good.port], keys)
            let client = try await relay.connect()
            try await ask(client, maxTokens: 50)
            let exchange = try await good.next()
            #expect(meter.reservedTokens == prompt + 50 && meter.inFlight == 1 && meter.requestCount == 1)
            exchange.send(UpstreamExchange.json(body(5, 5)))
            #expect(try await client.answer().status == 200)
            try await relay.settle()
            #expect(meter.tokenCount == 10 && meter.requestCount == 1)
            meter.expectSettled()
        }
    }

    // MARK: Ends

    /// How a request can end.
    enum End: CaseIterable {
        case completed, completedWithoutUsage, streamWithoutUsage, refused, failed, cancelledEarly, cancelledLate,
            broken
    }

    @Test("every end settles once", arguments: End.allCases)
    func ends(end: End) async throws {
        let limits = KeyLimits(tokensPerMinute: 100_000, budget: TokenBudget(tokens: 100_000, period: .total))
        try await withKey(limits) { relay, upstream, meter, client in
            let streams = [End.streamWithoutUsage, .cancelledLate, .broken].contains(end)
            try await ask(client, maxTokens: 500, stream: streams)
            let exchange = try await upstream.next()
            #expect(meter.reservedTokens == prompt + 500)
            let two =
                UpstreamExchange.streamHead + UpstreamExchange.event(#"{"n":1}"#) + UpstreamExchange.event(#"{"n":2}"#)
            var cost: Int? = 0
            var isEstimate = false
            switch end {
            case .completed:
                exchange.send(UpstreamExchange.json(body(600, 700)))
                _ = try await client.answer()
                cost = 1300
            case .completedWithoutUsage:
                exchange.send(UpstreamExchange.json(#"{"choices":[]}"#))
                _ = try await client.answer()
                // A quarter of its 14 bytes, rounded up.
                (cost, isEstimate) = (prompt + 4, true)
            case .streamWithoutUsage:
                exchange.send(two + UpstreamExchange.event("[DONE]") + "0\r\n\r\n")
                _ = try await client.answer()
                (cost, isEstimate) = (prompt + 2, true)
            case .refused:
                exchange.send(UpstreamExchange.json(#"{"error":{"message":"no"}}"#, status: "400 Bad Request"))
                #expect(try await client.answer().status == 400)
            case .failed:
                exchange.close()
                #expect(try await client.answer().status == 502)
            case .cancelledEarly:
                try await client.close()
                (cost, isEstimate) = (prompt, true)
            case .cancelledLate:
                exchange.send(two)
                try await client.wait(for: #"{"n":2}"#)
                try await client.close()
                (cost, isEstimate) = (prompt + 2, true)
            case .broken:
                exchange.send(two)
                try await client.wait(for: #"{"n":2}"#)
                exchange.close()
                _ = try await client.readToEnd()
                (cost, isEstimate) = (prompt + 2, true)
            }
            try await relay.settle()
            #expect(cost.map { meter.tokenCount == $0 } ?? (meter.tokenCount > prompt), "\(end)")
            #expect(meter.estimatedTokenCount == (isEstimate ? meter.tokenCount : 0), "\(end)")
        }
    }

    @Test("a client that leaves while its request is held owes nothing")
    func held() async throws {
        try await withRelay { relay in
            var keys = TestKeys()
            let meter = try keys.add("k", KeyLimits(tokensPerMinute: 10_000))
            let entry = try relay.entry("m", [], otherwise: .comingUp("it is loading"))
            await relay.server.publish(RoutingTable([entry]), keys: keys.table)
            let client = try await relay.connect()
            try await ask(client)
            try await eventually("the request is held") { await relay.server.metrics().held == 1 }
            #expect(meter.inFlight == 1)
            try await client.close()
            try await relay.settle()
            #expect(meter.tokenCount == 0)
            meter.expectSettled()
        }
    }

    @Test("loops share a key's limits")
    func loops() async throws {
        let text = body(1, 1)
        let upstream = try await ScriptedUpstream { $0.send(UpstreamExchange.json(text)) }
        try await withRelay(loops: 4) { relay in
            var keys = TestKeys()
            let meter = try keys.add("k", KeyLimits(requestsPerMinute: 20))
            try await relay.publish([upstream.port], keys)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        let client = try await relay.connect()
                        try await client.chat(fields: TestKeys.field("k"))
                        return try await client.answer().status
                    }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            // The first minute's worth passes, and on a slow machine what is earned back meanwhile.
            let passed = statuses[200] ?? 0
            #expect(passed >= 20 && passed == meter.requestCount && passed + (statuses[429] ?? 0) == 40)
            try await relay.settle()
            meter.expectSettled()
        }
    }
}
