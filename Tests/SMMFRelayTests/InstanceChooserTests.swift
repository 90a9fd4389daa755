// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRouting
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

    @Test func failedOnesAreLeftOut() throws {
        #expect(choices(try entry([["a", "b"], ["c"]]), [InstanceID("a"): open]) == ["b", "c"])
    }

    @Test func whenAllFailedOneIsTriedNevertheless() throws {
        let breakers = [InstanceID("a"): open, InstanceID("b"): open]
        #expect(choices(try entry([["a", "b"]]), breakers) == ["a"])
    }
}
