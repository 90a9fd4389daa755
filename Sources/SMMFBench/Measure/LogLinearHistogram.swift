// SPDX-License-Identifier: MIT

/// Counts whole numbers, such as nanoseconds, in buckets whose width grows with the value: every percentile is right
/// within 0.8 %, in 36 KB that are allocated once, and recording one is a few instructions.
public struct LogLinearHistogram: Sendable, Hashable {
    /// Each power of two is divided into 2^7 buckets.
    private static let precision = 7
    private static let parts = 1 << precision
    /// What is larger, 73 minutes in nanoseconds, counts in the last bucket; the maximum stays exact.
    static let largest = 1 << 42 - 1
    private static let bucketCount = index(of: largest) + 1

    private var counts = [Int](repeating: 0, count: bucketCount)
    /// How many were recorded.
    public private(set) var count = 0
    /// The largest one; 0 without any.
    public private(set) var maximum = 0
    private var sum = 0.0

    /// Creates an empty histogram.
    public init() {}

    /// The mean of all; 0 without any.
    public var mean: Double { count == 0 ? 0 : sum / Double(count) }

    /// Counts a value; a negative one counts as 0.
    public mutating func record(_ value: Int, times: Int = 1) {
        guard times > 0 else { return }
        let value = max(0, value)
        counts[Self.index(of: min(value, Self.largest))] += times
        count += times
        maximum = max(maximum, value)
        sum += Double(value) * Double(times)
    }

    /// The value that a `fraction` of all, from 0 to 1, do not exceed; 0 without any.
    public func value(at fraction: Double) -> Int {
        guard count > 0 else { return 0 }
        let wanted = min(count, max(1, Int((fraction * Double(count)).rounded(.up))))
        var seen = 0
        for index in counts.indices {
            seen += counts[index]
            if seen >= wanted { return index == counts.count - 1 ? maximum : min(maximum, Self.upperBound(of: index)) }
        }
        return maximum
    }

    /// Counts everything that `other` has counted.
    public mutating func add(_ other: LogLinearHistogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        count += other.count
        maximum = max(maximum, other.maximum)
        sum += other.sum
    }

    static func index(of value: Int) -> Int {
        guard value >= parts else { return value }
        let shift = Int.bitWidth - 1 - value.leadingZeroBitCount - precision
        return shift * parts + value >> shift
    }

    /// The largest value that a bucket counts.
    static func upperBound(of index: Int) -> Int {
        guard index >= parts else { return index }
        let shift = index / parts - 1
        return (index % parts + parts + 1) << shift - 1
    }
}
