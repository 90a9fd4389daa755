// SPDX-License-Identifier: MIT

/// A model as an operator sees it: what is wanted, and what is.
public struct ModelStatus: Sendable, Hashable, Codable {
    public var deployment: Deployment
    public var instances: [Instance]
    /// Why fewer instances run than are wanted, where the controller knows.
    public var notice: String?

    /// Creates a status.
    public init(deployment: Deployment, instances: [Instance], notice: String? = nil) {
        self.deployment = deployment
        self.instances = instances
        self.notice = notice
    }

    /// The state in one word: `ready` when any instance serves, `unloaded` when the first request will load it,
    /// `parked` when it will wake one, else how far the best one is.
    public var summary: String {
        if deployment.desired == .offline {
            return instances.contains { $0.state != .stopped && $0.state != .failed } ? "stopping" : "offline"
        }
        if case .route = deployment.backend { return "route" }
        if instances.contains(where: { $0.state == .ready }) { return "ready" }
        if deployment.unloadAfter != nil, instances.contains(where: { $0.state == .parked }),
            instances.allSatisfy({ !$0.state.isComingUp })
        {
            return "parked"
        }
        if deployment.unloadAfter != nil,
            instances.allSatisfy({ ($0.state == .draining || $0.state == .stopped) && $0.isKept != true })
        {
            return "unloaded"
        }
        let order: [InstanceState] = [
            .suspect, .waking, .warming, .loading, .starting, .pending, .failed, .parking, .parked, .draining, .stopped,
        ]
        return order.first { state in instances.contains { $0.state == state } }?.rawValue ?? "pending"
    }
}
