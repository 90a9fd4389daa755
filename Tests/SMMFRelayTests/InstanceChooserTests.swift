// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRouting
import SMMFTesting
import Testing

@testable import SMMFRelay

@Suite struct InstanceChooserTests {
    private func entry(_ groups: [[String]], _ plan: RoutePlan? = nil) throws -> RouteEntry {
        let model = try ModelName("m")
        let all = groups.map { names in
            RouteGroup(
                model: model,
                policy: FirstPolicy(),
                instances: names.map {
                    RouteInstance(id: InstanceID($0), endpoint: Endpoint(host: "h", port: 1), load: InstanceLoad())
                }
            )
        }
        return RouteEntry(name: model, kind: .language, groups: all, plan: plan, otherwise: .unavailable("none"))
    }

    private func choices(_ entry: RouteEntry, _ breakers: [InstanceID: CircuitBreaker] = [:]) -> [String] {
        var chooser = InstanceChooser(entry)
        var scratch: [RoutingCandidate] = []
        var found: [String] = []
        while found.count < 100,
            let next = chooser.next(
                breakers: breakers,
                at: .zero,
                sequence: 1,
                random: 1,
                scratch: &scratch
            )
        {
            found.append(next.id.text)
        }
        return found
    }

    private var open: CircuitBreaker {
        var breaker = CircuitBreaker()
        breaker.failed(at: .zero)
        return breaker
    }

    @Test func eachInstanceOnceAndGroupAfterGroup() throws {
        #expect(choices(try entry([["a", "b"], ["c"]])) == ["a", "b", "c"])
        #expect(choices(try entry([[], ["c"], []])) == ["c"])
        #expect(choices(try entry([[]])) == [])
    }

    private func first(_ entry: RouteEntry, random: UInt64 = 1, failed: Set<String> = []) -> String? {
        var chooser = InstanceChooser(entry)
        var scratch: [RoutingCandidate] = []
        let breakers = Dictionary(uniqueKeysWithValues: failed.map { (InstanceID($0), open) })
        return chooser.next(breakers: breakers, at: .zero, sequence: 1, random: random, scratch: &scratch)?.id.text
    }

    @Test func sharesAreKeptAndTheOthersStandIn() throws {
        let split = try entry([["a"], ["b"], ["c"]], RoutePlan(weights: [9, 1, nil]))
        var generator = SeededGenerator(seed: 5)
        var counts: [String: Int] = [:]
        var withoutA: [String: Int] = [:]
        for _ in 0..<5_000 {
            let random: UInt64 = generator.next()
            counts[first(split, random: random) ?? "", default: 0] += 1
            withoutA[first(split, random: random, failed: ["a"]) ?? "", default: 0] += 1
        }
        #expect(Set(counts.keys) == ["a", "b"] && (400...600).contains(counts["b"] ?? 0), "\(counts)")
        #expect(Set(withoutA.keys) == ["b"])
        #expect(first(split, failed: ["a", "b"]) == "c")
        #expect(Set(choices(split)) == ["a", "b", "c"] && choices(split).count == 3)
    }

    @Test func fullInstancesSpillOverAndBack() throws {
        let spilling = try entry([["a", "b"], ["cloud"]], RoutePlan(weights: [nil, nil], spillAbove: 2))
        let local = spilling.groups[0].instances
        let one = LoadSlot(on: local[0].load)
        let two = LoadSlot(on: local[0].load)
        let three = LoadSlot(on: local[1].load)
        #expect(first(spilling) == "b")
        let four = LoadSlot(on: local[1].load)
        #expect(first(spilling) == "cloud")
        // Whom the cloud does not take waits where the queue is.
        #expect(first(spilling, failed: ["cloud"]) == "a")
        one.release()
        two.release()
        three.release()
        four.release()
        #expect(first(spilling) == "a")
    }

    @Test func attemptsAreBounded() throws {
        let many = (0..<50).map { "i\($0)" }
        #expect(choices(try entry([many])).count == InstanceChooser.attemptLimit)
    }

    @Test func manyInstancesShareEvenlyAndTheirNumberCostsNothing() throws {
        let many = (0..<500).map { "i\($0)" }
        let entry = try entry([many])
        var generator = SeededGenerator(seed: 7)
        var scratch: [RoutingCandidate] = []
        var counts: [String: Int] = [:]
        for sequence in 0..<20_000 as Range<UInt64> {
            var chooser = InstanceChooser(entry)
            let random: UInt64 = generator.next()
            let next = chooser.next(breakers: [:], at: .zero, sequence: sequence, random: random, scratch: &scratch)
            counts[try #require(next).id.text, default: 0] += 1
            #expect(scratch.count == InstanceChooser.windowLimit)
        }
        #expect(counts.count == 500)
        #expect(counts.values.allSatisfy { (10...90).contains($0) })
    }

    @Test func amongManyTheOneThatIsLeftIsFound() throws {
        let many = (0..<500).map { "i\($0)" }
        let breakers = Dictionary(uniqueKeysWithValues: many.dropLast().map { (InstanceID($0), open) })
        #expect(choices(try entry([many]), breakers) == ["i499"])
    }

    @Test func failedOnesAreLeftOut() throws {
        #expect(choices(try entry([["a", "b"], ["c"]]), [InstanceID("a"): open]) == ["b", "c"])
    }

    @Test func whenAllFailedOneIsTriedNevertheless() throws {
        let breakers = [InstanceID("a"): open, InstanceID("b"): open]
        #expect(choices(try entry([["a", "b"]]), breakers) == ["a"])
    }
}
