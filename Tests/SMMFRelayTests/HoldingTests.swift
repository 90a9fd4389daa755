// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTesting
import Testing

@Suite struct HoldingTests {
    private let coming = RouteEntry.Availability.comingUp("loading, 40 %")

    @Test func aRequestWaitsForItsModel() async throws {
        let upstream = try await ScriptedUpstream { $0.send(UpstreamExchange.json("{}")) }
        try await withRelay { relay in
            try await relay.publish([], otherwise: coming)
            let client = try await relay.connect()
            try await client.chat()
            try await eventually("the request is held") { await relay.server.metrics().held == 1 }
            try await relay.publish([], otherwise: coming)
            #expect(await relay.server.metrics().held == 1)
            try await relay.publish([upstream.port])
            #expect(try await client.answer().status == 200)
            try await relay.settle()
            #expect(await relay.server.metrics().held == 0)
        }
    }

    @Test func aHeldRequestIsToldWhenNothingComesOfIt() async throws {
        try await withRelay { relay in
            try await relay.publish([], otherwise: coming)
            let client = try await relay.connect()
            try await client.chat()
            try await eventually("the request is held") { await relay.server.metrics().held == 1 }
            try await relay.publish([], otherwise: .unavailable("out of memory"))
            let failed = try await client.answer()
            #expect(failed.status == 503 && failed.content.contains("out of memory"))
            try await relay.publish([], otherwise: coming)
            try await client.chat()
            try await eventually("the request is held") { await relay.server.metrics().held == 1 }
            await relay.server.publish(RoutingTable())
            #expect(try await client.answer().content.contains("removed"))
            try await relay.settle()
        }
    }

    @Test func aModelThatIsLoadedOnDemandIsWaitedForLonger() async throws {
        let upstream = try await ScriptedUpstream { $0.send(UpstreamExchange.json("{}")) }
        try await withRelay {
            $0.timeouts.hold = .milliseconds(1)
        } _: { relay in
            let plain = try relay.entry("m", [], otherwise: coming)
            let entry = RouteEntry(
                name: plain.name,
                kind: plain.kind,
                groups: [],
                otherwise: coming,
                onDemand: [plain.name]
            )
            let rising = RouteEntry(name: try ModelName("n"), kind: plain.kind, groups: [], otherwise: coming)
            await relay.server.publish(RoutingTable([entry, rising]))
            let client = try await relay.connect()
            try await client.chat()
            try await eventually("the request is held") { await relay.server.metrics().held == 1 }
            // The sweep that gives up one for a model that is only on its way leaves this one alone.
            let other = try await relay.connect()
            try await other.post("/v1/chat/completions", #"{"model":"n","messages":[{"role":"user","content":"hi"}]}"#)
            #expect(try await other.answer().status == 503)
            #expect(await relay.server.metrics().held == 1)
            try await relay.publish([upstream.port])
            #expect(try await client.answer().status == 200)
            try await relay.settle()
        }
    }

    @Test func theDeadlineAndTheBoundHold() async throws {
        try await withRelay {
            $0.timeouts.hold = .milliseconds(1)
        } _: { relay in
            try await relay.publish([], otherwise: coming)
            let client = try await relay.connect()
            try await client.chat()
            let answer = try await client.answer()
            #expect(answer.status == 503 && answer.content.contains("loading, 40 %"))
            #expect(answer.fields["retry-after"] == "1")
        }
        try await withRelay {
            $0.maxHeld = 1
        } _: { relay in
            try await relay.publish([], otherwise: coming)
            let first = try await relay.connect()
            try await first.chat()
            try await eventually("the request is held") { await relay.server.metrics().held == 1 }
            let second = try await relay.connect()
            try await second.chat()
            #expect(try await second.answer().status == 503)
            try await first.close()
            try await eventually("the client that left is forgotten") { await relay.server.metrics().held == 0 }
            try await relay.settle()
            #expect(await relay.traffic.cancelled == 1)
        }
    }

    @Test func aDeathWaitsForNewsOfTheInstance() async throws {
        let dead = try RefusingPort()
        let upstream = try await ScriptedUpstream { $0.send(UpstreamExchange.json("{}")) }
        try await withRelay {
            $0.timeouts.afterFailure = .seconds(30)
        } _: { relay in
            try await relay.publish([dead.port])
            let client = try await relay.connect()
            try await client.chat()
            try await eventually("the request is held") { await relay.server.metrics().held == 1 }
            // News of something else, then that it starts again, then that it is back.
            try await relay.publish([dead.port])
            #expect(await relay.server.metrics().held == 1)
            try await relay.publish([], otherwise: coming)
            #expect(await relay.server.metrics().held == 1)
            try await relay.publish([upstream.port])
            #expect(try await client.answer().status == 200)
            try await relay.settle()
        }
    }

    @Test func aDeathWithoutNewsIsToldInTheEnd() async throws {
        let dead = try RefusingPort()
        try await withRelay {
            $0.timeouts.afterFailure = .milliseconds(1)
        } _: { relay in
            try await relay.publish([dead.port])
            let client = try await relay.connect()
            try await client.chat()
            let answer = try await client.answer()
            #expect(answer.status == 502 && answer.content.contains("connection refused"))
            try await relay.settle()
        }
    }

    /// One instance that dies under a request may be bad luck; a request that two die under gets no third.
    @Test func aRequestThatInstancesDieOfMeetsTwo() async throws {
        try await withRelay {
            $0.timeouts.afterFailure = .seconds(30)
        } _: { relay in
            let first = try await ScriptedUpstream()
            let second = try await ScriptedUpstream()
            try await relay.publish([first.port])
            let client = try await relay.connect()
            try await client.chat()
            try await first.next().close()
            try await eventually("the request is held") { await relay.server.metrics().held == 1 }
            try await relay.publish([], otherwise: coming)
            try await relay.publish([second.port])
            try await second.next().close()
            let answer = try await client.answer()
            #expect(answer.status == 502 && answer.content.contains("closed the connection"))
            try await relay.settle()
        }
    }
}
