// SPDX-License-Identifier: MIT

/// A moment of wall-clock time in milliseconds since 1970 in UTC; for people and for order between machines only
/// roughly, so no decision rests on it.
public struct Timestamp: Sendable, Hashable, Comparable {
    public var milliseconds: Int64

    /// Wraps milliseconds since 1970.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(milliseconds: decoder.singleValueContainer().decode(Int64.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}
