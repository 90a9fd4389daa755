// SPDX-License-Identifier: MIT

public import SMMFCore

/// One after the other; an instance that is not eligible leaves its turn to the next.
public struct RoundRobinPolicy: PolicyWithWeights {
    public let name = "round-robin"

    /// Creates the policy.
    public init() {}

    public var weighted: any RoutingPolicy { WeightedRandomPolicy() }

    public func pick(from candidates: [RoutingCandidate], sequence: UInt64, random: UInt64) -> Int? {
        guard !candidates.isEmpty else { return nil }
        let start = Int(sequence % UInt64(candidates.count))
        return candidates.indices.lazy.map { (start + $0) % candidates.count }.first { candidates[$0].isEligible }
    }
}
