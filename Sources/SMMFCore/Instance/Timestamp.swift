// SPDX-License-Identifier: MIT

/// A moment of wall-clock time in milliseconds since 1970 in UTC; for people and for order between machines only
/// roughly, so no decision rests on it.
public struct Timestamp: Sendable, Hashable, Comparable {
    public var milliseconds: Int64

    /// Wraps milliseconds since 1970.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp: CustomStringConvertible {
    /// Milliseconds in a day; UTC has no leap seconds in this count.
    private static let dayLength: Int64 = 86_400_000

    /// The first moment of a day counted from 1970; the nearest one that there is for a day beyond all moments.
    init(day: Int) {
        let (product, overflow) = Int64(day).multipliedReportingOverflow(by: Self.dayLength)
        self.init(milliseconds: overflow ? (day < 0 ? .min : .max) : product)
    }

    /// The number of the moment's day, counted from 1970.
    var day: Int { split.day }

    /// The day, and the milliseconds of the day that have passed.
    private var split: (day: Int, rest: Int64) {
        let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: Self.dayLength)
        return remainder < 0 ? (Int(quotient) - 1, remainder + Self.dayLength) : (Int(quotient), remainder)
    }

    /// The moment as in RFC 3339, in UTC and to the second, such as `2026-01-31T23:59:59Z`.
    public var description: String {
        let (day, rest) = split
        let date = CivilDate(dayNumber: day)
        let seconds = Int(rest / 1000)
        func digits(_ number: Int, _ count: Int = 2) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { digits($0) }.joined(separator: ":")
        return "\(digits(date.year, 4))-\(digits(date.month))-\(digits(date.day))T\(time)Z"
    }
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
