// SPDX-License-Identifier: MIT

/// A place in a message's bytes, at half the size of `Range<Int>`; heads and their fields are never longer than 4 GB.
public struct ByteRange: Sendable, Hashable {
    private let start: UInt32
    private let end: UInt32

    /// The empty range at zero.
    public static let empty = ByteRange(0..<0)

    init(_ range: Range<Int>) {
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        end = UInt32(truncatingIfNeeded: range.upperBound)
    }

    /// The offsets, counted from the message's first byte.
    public var range: Range<Int> { Int(start)..<Int(end) }
    /// How many bytes it covers.
    public var count: Int { Int(end) - Int(start) }
    /// Whether it covers nothing.
    public var isEmpty: Bool { start == end }
}
