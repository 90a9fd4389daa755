// SPDX-License-Identifier: MIT

public import SMMFCore

/// The instances of one model with the policy that chooses.
public struct RouteGroup: Sendable {
    public let model: ModelName
    public let policy: any RoutingPolicy
    public let instances: [RouteInstance]
    /// Whether the instances' weights differ, so that the policy has to see them.
    public let isWeighted: Bool

    /// Creates a group. Where the instances' weights differ, the policy's kin that honours weights takes its place.
    public init(model: ModelName, policy: any RoutingPolicy, instances: [RouteInstance]) {
        self.model = model
        self.instances = instances
        isWeighted = instances.contains { $0.weight != instances[0].weight }
        self.policy = isWeighted ? (policy as? any PolicyWithWeights)?.weighted ?? WeightedLoadPolicy() : policy
    }
}
