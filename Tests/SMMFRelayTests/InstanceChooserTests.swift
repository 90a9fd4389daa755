// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRouting
import SMMFTesting
import Testing

@testable import SMMFRelay

@Suite struct InstanceChooserTests {
    private func entry(_ groups: [[String]]) throws -> RouteEntry {
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
        return RouteEntry(name: model, kind: .language, groups: all, otherwise: .unavailable("none"))
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
