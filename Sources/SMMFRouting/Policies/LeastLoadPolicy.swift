// SPDX-License-Identifier: MIT

public import SMMFCore

/// The instance with the fewest requests in flight; ties are broken at random, so that idle instances share.
public struct LeastLoadPolicy: RoutingPolicy {
    public let name = "least-load"

    /// Creates the policy.
    public init() {}

    public func pick(from candidates: [RoutingCandidate], sequence: UInt64, random: UInt64) -> Int? {
        guard !candidates.isEmpty else { return nil }
        // Starting at a random place makes the first of equals a random one without a second pass.
        let start = Int(random % UInt64(candidates.count))
        var best: Int?
        for offset in candidates.indices {
            let index = (start + offset) % candidates.count
            guard candidates[index].isEligible else { continue }
            if let current = best, candidates[current].inFlight <= candidates[index].inFlight { continue }
            best = index
        }
        return best
    }
}
