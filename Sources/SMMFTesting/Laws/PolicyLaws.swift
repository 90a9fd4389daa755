// SPDX-License-Identifier: MIT

public import SMMFCore

/// What every routing policy must keep.
public enum PolicyLaws {
    /// Checks a policy over many random pools; throws ``LawViolation`` that names the seed.
    public static func check(_ policy: any RoutingPolicy, seeds: Range<UInt64> = 0..<2_000) throws(LawViolation) {
        try LawViolation.unless(
            policy.pick(from: [], sequence: 0, random: 7) == nil,
            "\(policy.name): an empty pool has nothing to pick"
        )
        for seed in seeds { try checkPool(policy, seed: seed) }
        try checkSharing(policy)
    }

    private static func checkPool(_ policy: any RoutingPolicy, seed: UInt64) throws(LawViolation) {
        var generator = SeededGenerator(seed: seed)
        let candidates = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
            RoutingCandidate(
                inFlight: Int.random(in: 0...5, using: &generator),
                isEligible: Bool.random(using: &generator)
            )
        }
        let sequence: UInt64 = generator.next()
        let random: UInt64 = generator.next()
        let pick = policy.pick(from: candidates, sequence: sequence, random: random)
        let again = policy.pick(from: candidates, sequence: sequence, random: random)
        try LawViolation.unless(
            pick == again,
            "\(policy.name), seed \(seed): the same facts gave \(String(describing: pick)) and \(String(describing: again))"
        )
        guard let pick else {
            let anyEligible = candidates.contains { $0.isEligible }
            try LawViolation.unless(!anyEligible, "\(policy.name), seed \(seed): nothing picked from \(candidates)")
            return
        }
        try LawViolation.unless(
            candidates.indices.contains(pick) && candidates[pick].isEligible,
            "\(policy.name), seed \(seed): picked \(pick), which may not be used, from \(candidates)"
        )
    }

    /// Among equals nobody is forgotten and nobody gets much more than a fair share.
    private static func checkSharing(_ policy: any RoutingPolicy) throws(LawViolation) {
        var generator = SeededGenerator(seed: 42)
        var counts = [Int](repeating: 0, count: 5)
        for sequence in 0..<5_000 {
            let candidates = [RoutingCandidate](repeating: RoutingCandidate(), count: counts.count)
            let random: UInt64 = generator.next()
            if let pick = policy.pick(from: candidates, sequence: UInt64(sequence), random: random) {
                counts[pick] += 1
            }
        }
        try LawViolation.unless(
            counts.allSatisfy { (800...1_200).contains($0) },
            "\(policy.name): 5,000 requests over five equals were shared as \(counts)"
        )
    }
}
