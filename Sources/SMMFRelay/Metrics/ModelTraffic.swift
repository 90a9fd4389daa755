// SPDX-License-Identifier: MIT

public import SMMFWire

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
    /// Tokens that instances reported.
    public internal(set) var tokens = TokenUsage()
    /// Tokens of requests whose instance did not come to report any; an estimate.
    public internal(set) var estimatedTokens = TokenUsage()
    /// Requests that were settled by what their instance reported.
    public internal(set) var reportedRequests = 0
    /// Requests that were settled by an estimate.
    public internal(set) var estimatedRequests = 0
    /// From the whole request read to its end.
    public internal(set) var duration = LatencyHistogram()
    /// From the whole request read to the first byte sent to the client.
    public internal(set) var firstByte = LatencyHistogram()
    /// Of streams: from the whole request read to the first event that says something.
    public internal(set) var firstToken = LatencyHistogram()
    /// Of streams: between an event and the one before it. Events that were read together share the time between them
    /// and the read before.
    public internal(set) var interToken = LatencyHistogram()
    /// The relay's own part in the time to the first byte: from the whole request read to its bytes sent to the instance,
    /// without `connectWait`, and from the loop's wake-up with the answer's first bytes to the first ones sent to the
    /// client. Requests that were held or tried again are left out.
    public internal(set) var overhead = LatencyHistogram()
    /// The wait for a connection to the instance, where none was idle.
    public internal(set) var connectWait = LatencyHistogram()

    /// Requests that have ended, however.
    var finished: Int {
        completed + cancelled + broken + failed.values.reduce(0, +) + refused.values.reduce(0, +)
    }

    /// Creates empty counters.
    public init() {}

    mutating func count(_ outcome: RelayOutcome, nanoseconds: Int64) {
        duration.record(nanoseconds: nanoseconds)
        switch outcome {
        case .completed: completed += 1
        case .cancelled: cancelled += 1
        case .broken: broken += 1
        case .failed(let status): failed[status, default: 0] += 1
        case .refused(let status): refused[status, default: 0] += 1
        }
    }

    mutating func count(_ settled: SettledUsage) {
        if settled.isEstimated {
            estimatedTokens.add(settled.usage)
            estimatedRequests += 1
        } else {
            tokens.add(settled.usage)
            reportedRequests += 1
        }
    }

    mutating func add(_ other: ModelTraffic) {
        completed += other.completed
        cancelled += other.cancelled
        broken += other.broken
        failed.merge(other.failed, uniquingKeysWith: +)
        refused.merge(other.refused, uniquingKeysWith: +)
        retries += other.retries
        tokens.add(other.tokens)
        estimatedTokens.add(other.estimatedTokens)
        reportedRequests += other.reportedRequests
        estimatedRequests += other.estimatedRequests
        duration.add(other.duration)
        firstByte.add(other.firstByte)
        firstToken.add(other.firstToken)
        interToken.add(other.interToken)
        overhead.add(other.overhead)
        connectWait.add(other.connectWait)
    }
}
