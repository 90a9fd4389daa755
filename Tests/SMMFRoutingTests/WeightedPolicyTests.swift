// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRouting
import SMMFTesting
import Testing

@Suite struct WeightedPolicyTests {
    private let policies: [any RoutingPolicy] = [WeightedLoadPolicy(), WeightedRandomPolicy()]

    @Test func `They keep the laws of policies`() throws {
        for policy in policies { try PolicyLaws.check(policy) }
    }

    @Test func `Idle instances share by weight`() {
        for policy in policies {
            var generator = SeededGenerator(seed: 3)
            var counts = [0, 0, 0]
            let candidates = [1, 3, 6].map { RoutingCandidate(weight: $0) }
            for sequence in 0..<10_000 as Range<UInt64> {
                if let pick = policy.pick(from: candidates, sequence: sequence, random: generator.next()) {
                    counts[pick] += 1
                }
            }
            #expect(zip(counts, [1_000, 3_000, 6_000]).allSatisfy { abs($0 - $1) < 300 }, "\(policy.name): \(counts)")
        }
    }

    @Test func `Busy ones are filled by weight, and a full one waits its turn`() throws {
        var candidates = [1, 3].map { RoutingCandidate(weight: $0) }
        var generator = SeededGenerator(seed: 4)
        for sequence in 0..<400 as Range<UInt64> {
            let random = generator.next()
            let pick = try #require(WeightedLoadPolicy().pick(from: candidates, sequence: sequence, random: random))
            candidates[pick].inFlight += 1
        }
        #expect(candidates.map(\.inFlight) == [100, 300])
        candidates[1].isEligible = false
        #expect(WeightedLoadPolicy().pick(from: candidates, sequence: 0, random: 9) == 0)
    }

    @Test func `Shares are kept by weight however few requests there are`() throws {
        var generator = SeededGenerator(seed: 5)
        var candidates = [1, 9].map { RoutingCandidate(weight: $0) }
        var counts = [0, 0]
        var running: [Int] = []
        for sequence in 0..<10_000 as Range<UInt64> {
            if running.count == 2 { candidates[running.removeFirst()].inFlight -= 1 }
            let random = generator.next()
            let pick = try #require(WeightedLoadPolicy().pick(from: candidates, sequence: sequence, random: random))
            candidates[pick].inFlight += 1
            running.append(pick)
            counts[pick] += 1
        }
        #expect((700...1_300).contains(counts[0]), "\(counts)")
    }

    @Test func `A group whose weights differ is picked from by weights, and others as ever`() throws {
        func group(_ policy: any RoutingPolicy, _ weights: [Int32]) throws -> RouteGroup {
            let instances = weights.enumerated().map { index, weight in
                RouteInstance(
                    id: InstanceID("i\(index)"),
                    endpoint: Endpoint(host: "h", port: 1),
                    load: InstanceLoad(),
                    weight: weight
                )
            }
            return RouteGroup(model: try ModelName("m"), policy: policy, instances: instances)
        }
        #expect(try group(LeastLoadPolicy(), [1, 1]).policy.name == "least-load")
        #expect(try !group(LeastLoadPolicy(), [2, 2]).isWeighted)
        #expect(try !group(LeastLoadPolicy(), []).isWeighted)
        #expect(try group(LeastLoadPolicy(), [1, 2]).policy.name == "weighted-load")
        #expect(try group(RoundRobinPolicy(), [1, 2]).policy.name == "weighted-random")
        #expect(try group(RandomPolicy(), [1, 2]).policy.name == "weighted-random")
    }
}
