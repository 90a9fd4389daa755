// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Writes moments of the calendar as RFC 3339 has them, with milliseconds in UTC. It remembers the second that it wrote
/// last, as moments come in crowds.
struct WallTime {
    private var second: Int64 = -1
    /// The second's text, up to the milliseconds.
    private var text: [UInt8] = []

    /// How much later 1970 began than the monotonic clock's zero, in nanoseconds, as a negative number: added to a
    /// monotonic time it gives a moment of the calendar. It changes when the clock is set.
    static func offset() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        return now - Int64(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds)
    }

    /// Appends the moment that lies `nanoseconds` behind the beginning of 1970: 24 bytes.
    mutating func append(_ nanoseconds: Int64, to output: inout OutputSpan<UInt8>) {
        let milliseconds = max(0, nanoseconds) / 1_000_000
        if milliseconds / 1000 != second { render(milliseconds / 1000) }
        output.append(contentsOf: text)
        output.append(digits: Int(milliseconds % 1000), count: 3)
        output.append(UInt8(ascii: "Z"))
    }

    private mutating func render(_ second: Int64) {
        self.second = second
        let moment = UTCTime(seconds: Int(second))
        text.removeAll(keepingCapacity: true)
        text.append(addingCapacity: 24) { output in
            output.append(digits: moment.year % 10_000, count: 4)
            output.append(UInt8(ascii: "-"))
            output.append(digits: moment.month, count: 2)
            output.append(UInt8(ascii: "-"))
            output.append(digits: moment.day, count: 2)
            output.append(UInt8(ascii: "T"))
            output.append(digits: moment.hour, count: 2)
            output.append(UInt8(ascii: ":"))
            output.append(digits: moment.minute, count: 2)
            output.append(UInt8(ascii: ":"))
            output.append(digits: moment.second, count: 2)
            output.append(UInt8(ascii: "."))
        }
    }
}
