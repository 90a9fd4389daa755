// SPDX-License-Identifier: MIT

public import SMMFCore

/// An instance with fewer requests than its share, by weight, of those in flight. Among such, as all idle ones are, chance
/// decides by weight, so that the shares are kept under any load.
public struct WeightedLoadPolicy: RoutingPolicy {
    public let name = "weighted-load"

    /// Creates the policy.
    public init() {}

    public func pick(from candidates: [RoutingCandidate], sequence: UInt64, random: UInt64) -> Int? {
        var weights = 0
        // With the one that is to be placed, so that somebody is always below the share.
        var requests = 1
        for candidate in candidates where candidate.isEligible {
            weights += Self.weight(candidate)
            requests += candidate.inFlight
        }
        return WeightedRandomPolicy.pick(from: candidates, random) { [weights, requests] candidate in
            candidate.isEligible && candidate.inFlight * weights < requests * Self.weight(candidate)
        }
    }

    private static func weight(_ candidate: RoutingCandidate) -> Int { Int(max(1, candidate.weight)) }
}
