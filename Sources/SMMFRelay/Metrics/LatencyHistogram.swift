// SPDX-License-Identifier: MIT

/// Durations counted in fixed buckets, as Prometheus wants them.
public struct LatencyHistogram: Sendable, Hashable {
    /// The upper bounds in seconds; one more bucket counts what is longer.
    public static let bounds: [Double] = [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
        60, 120, 300,
    ]

    /// The bounds in nanoseconds, and behind them one that nothing exceeds.
    private static let limits = bounds.map { Int64(($0 * 1e9).rounded()) } + [.max]
    /// The first bucket that a duration can fall into, by the number of its bits: then one or two comparisons are left.
    private static let firstBuckets: [Int] = (0...64).map { bits in
        let least = bits == 0 ? 0 : Int64(1) << Int64(min(bits - 1, 62))
        return limits.firstIndex { least <= $0 } ?? 0
    }

    /// How many fell into each bucket, the last one without an upper bound.
    public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// Seconds in all.
    public private(set) var sum = 0.0
    /// How many were counted.
    public private(set) var count = 0

    /// Creates an empty histogram.
    public init() {}

    /// Counts one duration; a negative one counts as none.
    public mutating func record(nanoseconds: Int64) { record(nanoseconds: nanoseconds, times: 1) }

    /// Counts `times` durations of equal length, which took `nanoseconds` together.
    public mutating func record(nanoseconds: Int64, sharedBy times: Int) {
        guard times > 0 else { return }
        record(nanoseconds: nanoseconds / Int64(times), times: times)
    }

    private mutating func record(nanoseconds: Int64, times: Int) {
        let duration = max(0, nanoseconds)
        let limits = Self.limits
        var bucket = Self.firstBuckets[64 - duration.leadingZeroBitCount]
        while duration > limits[bucket] { bucket += 1 }
        counts[bucket] += times
        sum += Double(duration) * Double(times) / 1e9
        count += times
    }

    mutating func add(_ other: LatencyHistogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        sum += other.sum
        count += other.count
    }
}
