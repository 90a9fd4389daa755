// SPDX-License-Identifier: MIT

/// The controller's order to a worker: run this instance of this deployment.
public struct InstanceAssignment: Sendable, Hashable, Codable {
    public var id: InstanceID
    public var model: ModelName
    public var kind: ModelKind
    public var spec: EngineSpec
    public var generation: UInt64

    /// Creates an order.
    public init(id: InstanceID, model: ModelName, kind: ModelKind, spec: EngineSpec, generation: UInt64) {
        self.id = id
        self.model = model
        self.kind = kind
        self.spec = spec
        self.generation = generation
    }
}
