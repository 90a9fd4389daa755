// SPDX-License-Identifier: MIT

public import SMMFCore

/// Any eligible instance, with a chance by its weight.
public struct WeightedRandomPolicy: RoutingPolicy {
    public let name = "weighted-random"

    /// Creates the policy.
    public init() {}

    public func pick(from candidates: [RoutingCandidate], sequence: UInt64, random: UInt64) -> Int? {
        Self.pick(from: candidates, random, where: \.isEligible)
    }

    /// The place of one of those for which `isIn` holds.
    static func pick(
        from candidates: [RoutingCandidate],
        _ random: UInt64,
        where isIn: (RoutingCandidate) -> Bool
    ) -> Int? {
        var total: UInt64 = 0
        for candidate in candidates where isIn(candidate) { total += UInt64(max(1, candidate.weight)) }
        guard total > 0 else { return nil }
        var left = random % total
        return candidates.firstIndex { candidate in
            guard isIn(candidate) else { return false }
            let weight = UInt64(max(1, candidate.weight))
            guard left >= weight else { return true }
            left -= weight
            return false
        }
    }
}
