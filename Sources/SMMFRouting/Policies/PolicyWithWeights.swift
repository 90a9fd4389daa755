// SPDX-License-Identifier: MIT

public import SMMFCore

/// A policy with a kin for instances that are not equal; the others leave those to ``WeightedLoadPolicy``.
public protocol PolicyWithWeights: RoutingPolicy {
    /// The policy that honours weights.
    var weighted: any RoutingPolicy { get }
}
