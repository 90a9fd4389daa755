// SPDX-License-Identifier: MIT

/// A graphics card of a machine, as its driver shows it.
public struct Device: Sendable, Hashable, Codable {
    /// Its number, from 0.
    public var index: Int
    /// The name that it keeps when cards are added or moved, where the driver tells one.
    public var uuid: String?
    /// What it is sold as.
    public var name: String
    /// Bytes of its memory; nil where it has none of its own or the driver does not tell.
    public var memory: Int?
    /// Bytes of it in use.
    public var used: Int?

    /// Creates a card.
    public init(index: Int, uuid: String? = nil, name: String, memory: Int? = nil, used: Int? = nil) {
        self.index = index
        self.uuid = uuid
        self.name = name
        self.memory = memory
        self.used = used
    }
}

/// The memory of a card that one process holds.
public struct DeviceUse: Sendable, Hashable, Codable {
    public var processID: Int32
    /// The card's ``Device/uuid``.
    public var device: String
    /// Bytes; nil where the driver does not tell.
    public var bytes: Int?

    /// Creates an entry.
    public init(processID: Int32, device: String, bytes: Int?) {
        self.processID = processID
        self.device = device
        self.bytes = bytes
    }
}
