// SPDX-License-Identifier: MIT

public import SMMFCore

/// An instance that requests can be sent to. An immutable object, as each request passes it through many hands and a
/// value's texts would be counted in each.
public final class RouteInstance: Sendable {
    public let id: InstanceID
    public let endpoint: Endpoint
    /// Stands in for the request's `model` member; nil where the instance knows the name that the client used.
    public let servedName: String?
    /// The words it speaks.
    public let dialect: Dialect
    /// Inputs of one embedding or rerank request that it takes; any number when nil.
    public let batchLimit: Int?
    /// With so many requests of a loop at the model at once, further small embedding requests are put together; nil where
    /// the engine gains nothing by it.
    public let gatherAbove: Int?
    public let load: InstanceLoad
    /// How many requests it gets for each one of an instance of weight 1.
    public let weight: Int32
    /// Whose rules and key it is called with, where it is a provider's.
    public let access: ProviderAccess?
    /// Whether it rests; nil for engines, which tell by failing.
    public let rest: InstanceRest?

    /// Creates a routing target; `load` is the instance's one counter for the whole life of the process.
    public init(
        id: InstanceID,
        endpoint: Endpoint,
        servedName: String? = nil,
        dialect: Dialect = .openAI,
        batchLimit: Int? = nil,
        gatherAbove: Int? = nil,
        load: InstanceLoad,
        weight: Int32 = 1,
        access: ProviderAccess? = nil,
        rest: InstanceRest? = nil
    ) {
        self.id = id
        self.endpoint = endpoint
        self.servedName = servedName
        self.dialect = dialect
        self.batchLimit = batchLimit
        self.gatherAbove = gatherAbove
        self.load = load
        self.weight = weight
        self.access = access
        self.rest = rest
    }
}
