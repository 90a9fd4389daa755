// SPDX-License-Identifier: MIT

import SMMFCore

/// What a load has measured, for a person or a program.
public struct LoadReport: Sendable, Hashable, Encodable {
    /// Milliseconds at some percentiles.
    public struct Percentiles: Sendable, Hashable, Encodable {
        public let count: Int
        public let mean: Double
        public let p50: Double
        public let p90: Double
        public let p99: Double
        public let p999: Double
        public let max: Double

        init(_ histogram: LogLinearHistogram) {
            func milliseconds(_ nanoseconds: Int) -> Double { Double(nanoseconds) / 1e6 }
            count = histogram.count
            mean = histogram.mean / 1e6
            p50 = milliseconds(histogram.value(at: 0.5))
            p90 = milliseconds(histogram.value(at: 0.9))
            p99 = milliseconds(histogram.value(at: 0.99))
            p999 = milliseconds(histogram.value(at: 0.999))
            max = milliseconds(histogram.maximum)
        }

        /// Keys as people say them.
        public enum CodingKeys: String, CodingKey {
            case count
            case mean = "mean_ms"
            case p50 = "p50_ms"
            case p90 = "p90_ms"
            case p99 = "p99_ms"
            case p999 = "p99.9_ms"
            case max = "max_ms"
        }
    }

    /// What the server's processes used while it was measured.
    public struct Server: Sendable, Hashable, Encodable {
        /// Seconds on a CPU.
        public let cpuSeconds: Double
        /// Parts of one core.
        public let cores: Double
        /// Microseconds of CPU for each answer that ended; nil without one.
        public let cpuPerRequest: Double?
        /// Microseconds of CPU for each token; nil without one.
        public let cpuPerToken: Double?
        /// Resident bytes when the measuring began.
        public let residentBefore: Int
        /// Resident bytes when it ended.
        public let residentAfter: Int

        /// Keys as people say them.
        public enum CodingKeys: String, CodingKey {
            case cpuSeconds = "cpu_seconds"
            case cores
            case cpuPerRequest = "cpu_us_per_request"
            case cpuPerToken = "cpu_us_per_token"
            case residentBefore = "rss_bytes_before"
            case residentAfter = "rss_bytes_after"
        }
    }

    public let url: String
    public let model: String
    public let stream: Bool
    public let connections: Int
    /// Requests a second that were due; nil in a closed loop.
    public let rate: Double?
    /// How long was measured.
    public let seconds: Double
    /// Requests that were due while it was measured.
    public let requests: Int
    /// Those with a whole and good answer.
    public let succeeded: Int
    public let failed: Int
    /// Those that had no answer when the grace was over; they are in no percentile.
    public let unfinished: Int
    /// Those for which no connection became free; they are in no percentile.
    public let unsent: Int
    /// Good answers that ended in the measured time, a second.
    public let requestsPerSecond: Double
    /// Events of streams, or tokens that the usage of other answers names, a second.
    public let tokensPerSecond: Double
    /// From the time a request was due to the first event, or to the first byte of an answer in one piece.
    public let firstToken: Percentiles
    /// Between events of a stream; nil for answers in one piece.
    public let interToken: Percentiles?
    /// From the time a request was due to its answer's end.
    public let total: Percentiles
    /// How late requests were sent; nil in a closed loop.
    public let lag: Percentiles?
    /// How often each kind of failure happened.
    public let errors: [String: Int]
    /// What the first answer with a bad status said.
    public let firstError: String?
    public let server: Server?

    init(
        _ tally: LoadTally,
        plan: LoadPlan,
        target: LoadTarget,
        server readings: (before: ProcessMeter.Reading, after: ProcessMeter.Reading)?
    ) {
        url = target.endpoint.description + target.path
        model = target.model
        stream = target.isStream
        connections = plan.connections
        if case .open(let perSecond) = plan.arrival { rate = perSecond } else { rate = nil }
        let seconds = Double(max(1, tally.window)) / 1e9
        self.seconds = seconds
        requests = tally.started
        succeeded = tally.succeeded
        failed = tally.failed
        unfinished = tally.unfinished
        unsent = tally.unsent
        requestsPerSecond = Double(tally.goodInWindow) / seconds
        tokensPerSecond = Double(tally.tokensInWindow) / seconds
        firstToken = Percentiles(tally.firstToken)
        interToken = target.isStream ? Percentiles(tally.interToken) : nil
        total = Percentiles(tally.total)
        lag = rate == nil ? nil : Percentiles(tally.lag)
        errors = Dictionary(tally.failures.map { ($0.key.name, $0.value) }, uniquingKeysWith: +)
        firstError = tally.sample.isEmpty ? nil : Self.text(tally.sample)
        server = readings.map { before, after in
            let cpu = Double(max(0, after.cpu - before.cpu))
            func each(_ count: Int) -> Double? { count == 0 ? nil : cpu / 1000 / Double(count) }
            return Server(
                cpuSeconds: cpu / 1e9,
                cores: cpu / 1e9 / seconds,
                cpuPerRequest: each(tally.answersInWindow),
                cpuPerToken: each(tally.tokensInWindow),
                residentBefore: before.resident,
                residentAfter: after.resident
            )
        }
    }

    /// A server's text on one line, without what could drive a terminal.
    static func text(_ bytes: [UInt8]) -> String {
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
        return String(String.UnicodeScalarView(scalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }

    /// Keys as the rest of SMMF's JSON writes them.
    public enum CodingKeys: String, CodingKey {
        case url, model, stream, connections, rate, seconds, requests, succeeded, failed, unfinished, unsent
        case requestsPerSecond = "requests_per_second"
        case tokensPerSecond = "tokens_per_second"
        case firstToken = "first_token"
        case interToken = "inter_token"
        case total, lag, errors
        case firstError = "first_error"
        case server
    }
}
