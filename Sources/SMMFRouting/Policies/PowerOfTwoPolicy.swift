// SPDX-License-Identifier: MIT

public import SMMFCore

/// The less loaded of two random instances: nearly as even as the least load, and steady with many API Servers, which
/// would otherwise all run to the same idle instance.
public struct PowerOfTwoPolicy: RoutingPolicy {
    public let name = "power-of-two"

    /// Creates the policy.
    public init() {}

    public func pick(from candidates: [RoutingCandidate], sequence: UInt64, random: UInt64) -> Int? {
        let chooser = RandomPolicy()
        guard let first = chooser.pick(from: candidates, sequence: sequence, random: random >> 32),
            let second = chooser.pick(from: candidates, sequence: sequence, random: random & 0xFFFF_FFFF)
        else { return nil }
        return candidates[second].inFlight < candidates[first].inFlight ? second : first
    }
}
