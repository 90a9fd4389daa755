// SPDX-License-Identifier: MIT

/// What a choice is made for.
public struct Machine: Sendable, Hashable {
    /// Bytes of main memory that are free for models.
    public var memory: Int
    /// Bytes of each graphics card's memory.
    public var devices: [Int]
    /// Engines that are here or can be installed.
    public var engines: Set<String>

    /// Describes a machine.
    public init(memory: Int, devices: [Int] = [], engines: Set<String>) {
        self.memory = memory
        self.devices = devices
        self.engines = engines
    }
}
