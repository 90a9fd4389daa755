// SPDX-License-Identifier: MIT

import NIOCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A moment of the calendar, written as RFC 3339 with milliseconds in UTC.
struct WallTime {
    /// Since 1970.
    let nanoseconds: Int64

    /// How much later 1970 began than the monotonic clock's zero, in nanoseconds, as a negative number: added to a
    /// monotonic time it gives a moment of the calendar. It changes when the clock is set.
    static func offset() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        return now - Int64(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds)
    }

    func append(to output: inout [UInt8]) {
        let milliseconds = max(0, nanoseconds) / 1_000_000
        let seconds = milliseconds / 1000
        let (year, month, day) = Self.date(daysSince1970: seconds / 86_400)
        Self.append(year, digits: 4, to: &output)
        output.append(UInt8(ascii: "-"))
        Self.append(month, digits: 2, to: &output)
        output.append(UInt8(ascii: "-"))
        Self.append(day, digits: 2, to: &output)
        output.append(UInt8(ascii: "T"))
        Self.append(seconds / 3600 % 24, digits: 2, to: &output)
        output.append(UInt8(ascii: ":"))
        Self.append(seconds / 60 % 60, digits: 2, to: &output)
        output.append(UInt8(ascii: ":"))
        Self.append(seconds % 60, digits: 2, to: &output)
        output.append(UInt8(ascii: "."))
        Self.append(milliseconds % 1000, digits: 3, to: &output)
        output.append(UInt8(ascii: "Z"))
    }

    private static func append(_ value: Int64, digits: Int, to output: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            output.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }

    /// The Gregorian date. Years are counted from March, so that the leap day is the last one, and in eras of 400 years,
    /// which all have 146,097 days.
    private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
