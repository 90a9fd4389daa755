// SPDX-License-Identifier: MIT

/// Follows a trailer field's name, to know the two that would change where a message ends: a reader that merges trailers
/// into the head would take them for true (RFC 9110 section 6.5.1).
struct TrailerName: Sendable, Hashable {
    private static let length: StaticString = "content-length"
    private static let coding: StaticString = "transfer-encoding"
    /// A place beyond any name's end.
    private static let missed: UInt8 = 0xFF

    private var inLength: UInt8 = 0
    private var inCoding: UInt8 = 0

    /// The next byte of the name.
    mutating func note(_ byte: UInt8) {
        inLength = Self.behind(byte, inLength, Self.length)
        inCoding = Self.behind(byte, inCoding, Self.coding)
    }

    /// Whether the name up to here is one of the two.
    var isAboutFraming: Bool {
        inLength == Self.length.utf8CodeUnitCount || inCoding == Self.coding.utf8CodeUnitCount
    }

    private static func behind(_ byte: UInt8, _ place: UInt8, _ name: StaticString) -> UInt8 {
        guard place < name.utf8CodeUnitCount else { return missed }
        return name.withUTF8Buffer { $0[Int(place)] } == ASCII.lowercased(byte) ? place + 1 : missed
    }
}
