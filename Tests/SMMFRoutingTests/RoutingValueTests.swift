// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRouting
import Testing

@Suite("Routing values")
struct RoutingValueTests {
    @Test("a load slot gives its place back exactly once, released or dropped")
    func slots() {
        let load = InstanceLoad()
        do {
            let kept = LoadSlot(on: load)
            let dropped: LoadSlot? = LoadSlot(on: load)
            #expect(load.inFlight == 2)
            kept.release()
            #expect(load.inFlight == 1)
            _ = consume dropped
        }
        #expect(load.inFlight == 0)
    }

    @Test("least load picks the least loaded of the eligible")
    func leastLoad() {
        let candidates = [
            RoutingCandidate(inFlight: 0, isEligible: false), RoutingCandidate(inFlight: 3),
            RoutingCandidate(inFlight: 1), RoutingCandidate(inFlight: 2),
        ]
        for random in 0..<20 as Range<UInt64> {
            #expect(LeastLoadPolicy().pick(from: candidates, sequence: 0, random: random) == 2)
        }
    }

    @Test("round robin takes turns and skips who may not be used")
    func roundRobin() {
        var candidates = [RoutingCandidate](repeating: RoutingCandidate(), count: 3)
        candidates[1].isEligible = false
        let picks = (0..<6).map { RoundRobinPolicy().pick(from: candidates, sequence: $0, random: 0) }
        #expect(picks == [0, 2, 2, 0, 2, 2])
    }

    @Test("a breaker opens on failure, lets one probe through after the pause, and doubles the pause")
    func breaker() {
        var breaker = CircuitBreaker()
        #expect(breaker.allows(at: .zero))
        breaker.failed(at: .zero)
        #expect(!breaker.allows(at: .milliseconds(199)))
        #expect(breaker.allows(at: .milliseconds(200)))
        breaker.sent(at: .milliseconds(200))
        #expect(!breaker.allows(at: .milliseconds(201)), "the probe is under way")
        breaker.failed(at: .milliseconds(300))
        #expect(!breaker.allows(at: .milliseconds(699)))
        #expect(breaker.allows(at: .milliseconds(700)))
        breaker.sent(at: .milliseconds(700))
        breaker.succeeded()
        #expect(breaker.allows(at: .milliseconds(701)))
    }

    @Test("a probe that never reports is forgotten")
    func lostProbe() {
        var breaker = CircuitBreaker()
        breaker.failed(at: .zero)
        breaker.sent(at: .seconds(1))
        #expect(!breaker.allows(at: .seconds(30)))
        #expect(breaker.allows(at: .seconds(31)))
    }

    @Test("an unknown model's nearest names come best first")
    func nearest() throws {
        let names = ["qwen3-8b", "qwen3-32b", "llama-3.1-8b", "demo"]
        let table = RoutingTable(
            try names.map {
                RouteEntry(name: try ModelName($0), kind: .language, groups: [], otherwise: .comingUp("x"))
            }
        )
        #expect(table.nearest(to: "qwen3-8B").first == "qwen3-8b")
        #expect(table.nearest(to: "demmo").first == "demo")
        #expect(table.nearest(to: "zzzzzzzzzzzzzzzzzzzz").isEmpty)
    }
}
