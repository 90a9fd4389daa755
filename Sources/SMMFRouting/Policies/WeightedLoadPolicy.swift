// SPDX-License-Identifier: MIT

public import SMMFCore

/// The instance with the fewest requests for its weight. Among equals, as all idle ones are, chance decides by weight, so
/// that the shares are kept under any load.
public struct WeightedLoadPolicy: RoutingPolicy {
    public let name = "weighted-load"

    /// Creates the policy.
    public init() {}

    public func pick(from candidates: [RoutingCandidate], sequence: UInt64, random: UInt64) -> Int? {
        var best: RoutingCandidate?
        for candidate in candidates where candidate.isEligible {
            if let known = best, !Self.isLess(candidate, known) { continue }
            best = candidate
        }
        guard let best else { return nil }
        return WeightedRandomPolicy.pick(from: candidates, random) { $0.isEligible && !Self.isLess(best, $0) }
    }

    /// Whether one has fewer requests for its weight than the other.
    private static func isLess(_ left: RoutingCandidate, _ right: RoutingCandidate) -> Bool {
        left.inFlight * Int(max(1, right.weight)) < right.inFlight * Int(max(1, left.weight))
    }
}
