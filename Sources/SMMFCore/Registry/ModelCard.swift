// SPDX-License-Identifier: MIT

/// What every API Server must know of a model besides its instances; published by the controller into the registry.
public struct ModelCard: Sendable, Hashable, Codable {
    public var name: ModelName
    public var kind: ModelKind
    public var policy: String
    /// The models tried in order, where the name stands for others; empty otherwise.
    public var route: [ModelName]
    /// Shares of the route's members, where it is split by weights; as many as there are members.
    public var routeWeights: [Int]?
    /// What decides the order of the route's members.
    public var routePreference: RouteSpec.Preference?
    /// With so many requests on each instance of a member, the next one gets what comes.
    public var spillAbove: Int?
    public var desired: Deployment.Desired
    /// Whether it is loaded when somebody asks for it, so that API Servers tell the controller who does.
    public var isOnDemand: Bool?
    /// Inputs of one embedding or rerank request that its instances take, where the deployment says so.
    public var batchLimit: Int?
    /// With so many requests at an instance at once, small embedding requests are put together, where the deployment says so.
    public var gatherAbove: Int?
    /// How many seconds an instance took to load the last time.
    public var loadSeconds: Int?
    /// Why it has no instance, where the controller knows: shown to the client that asks.
    public var notice: String?

    /// Creates a card.
    public init(
        name: ModelName,
        kind: ModelKind = .language,
        policy: String = Deployment.defaultPolicy,
        route: [ModelName] = [],
        desired: Deployment.Desired = .online,
        notice: String? = nil
    ) {
        self.name = name
        self.kind = kind
        self.policy = policy
        self.route = route
        self.desired = desired
        self.notice = notice
    }
}
