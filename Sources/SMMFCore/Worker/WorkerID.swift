// SPDX-License-Identifier: MIT

/// Names a worker; kept in its data folder, so that it is the same after a restart.
public struct WorkerID: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let text: String

    /// Wraps an id.
    public init(_ text: String) { self.text = text }

    public var description: String { text }

    public static func < (left: WorkerID, right: WorkerID) -> Bool { left.text < right.text }
}

extension WorkerID: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
