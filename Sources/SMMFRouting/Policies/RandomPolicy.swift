// SPDX-License-Identifier: MIT

public import SMMFCore

/// Any eligible instance with equal chance.
public struct RandomPolicy: PolicyWithWeights {
    public let name = "random"

    /// Creates the policy.
    public init() {}

    public var weighted: any RoutingPolicy { WeightedRandomPolicy() }

    public func pick(from candidates: [RoutingCandidate], sequence: UInt64, random: UInt64) -> Int? {
        let eligible = candidates.count(where: \.isEligible)
        guard eligible > 0 else { return nil }
        var left = Int(random % UInt64(eligible))
        return candidates.firstIndex { candidate in
            guard candidate.isEligible else { return false }
            defer { left -= 1 }
            return left == 0
        }
    }
}
