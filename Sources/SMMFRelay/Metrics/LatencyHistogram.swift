// SPDX-License-Identifier: MIT

/// Durations counted in fixed buckets, as Prometheus wants them.
public struct LatencyHistogram: Sendable, Hashable {
    /// The upper bounds in seconds; one more bucket counts what is longer.
    public static let bounds: [Double] = [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
        60, 120, 300,
    ]

    /// How many fell into each bucket, the last one without an upper bound.
    public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// Seconds in all.
    public private(set) var sum = 0.0
    /// How many were counted.
    public private(set) var count = 0

    /// Creates an empty histogram.
    public init() {}

    /// Counts one duration in seconds.
    public mutating func record(_ seconds: Double) {
        counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
        sum += seconds
        count += 1
    }

    mutating func add(_ other: LatencyHistogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        sum += other.sum
        count += other.count
    }
}
