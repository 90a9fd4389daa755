// SPDX-License-Identifier: MIT

/// The controller's order to a worker: run this instance of this deployment.
public struct InstanceAssignment: Sendable, Hashable, Codable {
    public var id: InstanceID
    public var model: ModelName
    public var kind: ModelKind
    public var spec: EngineSpec
    public var generation: UInt64
    /// Whether it is to be parked instead of ended where its engine can.
    public var parks: Bool?

    /// Creates an order.
    public init(
        id: InstanceID,
        model: ModelName,
        kind: ModelKind,
        spec: EngineSpec,
        generation: UInt64,
        parks: Bool? = nil
    ) {
        self.id = id
        self.model = model
        self.kind = kind
        self.spec = spec
        self.generation = generation
        self.parks = parks
    }
}
