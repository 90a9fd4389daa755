// SPDX-License-Identifier: MIT

import SMMFWire

/// What went through the relay for one model.
public struct ModelTraffic: Sendable, Hashable {
    public internal(set) var completed = 0
    public internal(set) var cancelled = 0
    public internal(set) var broken = 0
    /// Our own error answers, by status.
    public internal(set) var failed: [Int: Int] = [:]
    /// Relayed error answers, by status.
    public internal(set) var refused: [Int: Int] = [:]
    /// Attempts on another instance after one failed.
    public internal(set) var retries = 0
    public internal(set) var promptTokens = 0
    public internal(set) var completionTokens = 0
    public internal(set) var cachedTokens = 0
    /// From the whole request read to its end.
    public internal(set) var duration = LatencyHistogram()
    /// From the whole request read to the first byte sent to the client.
    public internal(set) var firstByte = LatencyHistogram()
    /// From the whole request read to its first bytes sent to an instance; held requests are not counted.
    public internal(set) var overhead = LatencyHistogram()

    /// Creates empty counters.
    public init() {}

    mutating func count(_ outcome: RelayOutcome, seconds: Double) {
        duration.record(seconds)
        switch outcome {
        case .completed: completed += 1
        case .cancelled: cancelled += 1
        case .broken: broken += 1
        case .failed(let status): failed[status, default: 0] += 1
        case .refused(let status): refused[status, default: 0] += 1
        }
    }

    mutating func count(_ usage: TokenUsage) {
        promptTokens += usage.prompt
        completionTokens += usage.completion
        cachedTokens += usage.cached
    }

    mutating func add(_ other: ModelTraffic) {
        completed += other.completed
        cancelled += other.cancelled
        broken += other.broken
        failed.merge(other.failed, uniquingKeysWith: +)
        refused.merge(other.refused, uniquingKeysWith: +)
        retries += other.retries
        promptTokens += other.promptTokens
        completionTokens += other.completionTokens
        cachedTokens += other.cachedTokens
        duration.add(other.duration)
        firstByte.add(other.firstByte)
        overhead.add(other.overhead)
    }
}
