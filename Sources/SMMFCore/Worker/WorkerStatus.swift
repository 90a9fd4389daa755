// SPDX-License-Identifier: MIT

/// What a worker tells the controller at each heartbeat.
public struct WorkerStatus: Sendable, Hashable, Codable {
    public var id: WorkerID
    /// Where its control API listens; nil for the worker in the controller's own process.
    public var address: Endpoint?
    /// The engines it could start now.
    public var engines: [String]
    /// False while it ends, or is kept from new work; what it holds goes on.
    public var takesInstances: Bool
    /// Every instance it holds, running or failed.
    public var instances: [Instance]
    /// The graphics cards of its machine, where it has any.
    public var devices: [Device]?
    /// Bytes of main memory of its machine; nil where unknown.
    public var memory: Int?
    /// How many processor cores it may use.
    public var cores: Int?
    /// Bytes for all models on demand that it holds; nil where it leaves that to the controller.
    public var memoryBudget: Int?

    enum CodingKeys: String, CodingKey {
        case id, address, engines, takesInstances, instances, devices, memory, cores
        case memoryBudget = "memory_budget"
    }

    /// Creates a status.
    public init(
        id: WorkerID,
        address: Endpoint? = nil,
        engines: [String] = [],
        takesInstances: Bool = true,
        instances: [Instance] = [],
        devices: [Device]? = nil,
        memory: Int? = nil,
        cores: Int? = nil,
        memoryBudget: Int? = nil
    ) {
        self.id = id
        self.address = address
        self.engines = engines
        self.takesInstances = takesInstances
        self.instances = instances
        self.devices = devices
        self.memory = memory
        self.cores = cores
        self.memoryBudget = memoryBudget
    }
}
