// SPDX-License-Identifier: MIT

/// What an instance was given of its machine.
public struct Allotment: Sendable, Hashable, Codable {
    /// How a memory limit is kept.
    public enum MemoryGuard: String, Sendable, Hashable, Codable {
        /// By a control group, over all its processes: the kernel ends it when it goes beyond.
        case controlGroup = "control_group"
        /// By a bound on the data of each of its processes: an allocation beyond it fails.
        case eachProcess = "each_process"
    }

    /// Bytes of main memory.
    public var memory: Int?
    public var memoryGuard: MemoryGuard?
    public var cores: [Int]?
    /// Numbers of graphics cards.
    public var devices: [Int]?
    public var niceness: Int?

    enum CodingKeys: String, CodingKey {
        case memory, cores, devices, niceness
        case memoryGuard = "memory_guard"
    }

    /// Creates an allotment; what is nil is not bounded.
    public init(
        memory: Int? = nil,
        memoryGuard: MemoryGuard? = nil,
        cores: [Int]? = nil,
        devices: [Int]? = nil,
        niceness: Int? = nil
    ) {
        self.memory = memory
        self.memoryGuard = memoryGuard
        self.cores = cores
        self.devices = devices
        self.niceness = niceness
    }
}
