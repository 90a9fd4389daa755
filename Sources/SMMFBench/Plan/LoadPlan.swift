// SPDX-License-Identifier: MIT

public import SMMFCore

/// How a server is loaded, and for how long.
public struct LoadPlan: Sendable, Hashable {
    /// What makes the next request start.
    public enum Arrival: Sendable, Hashable {
        /// The end of the one before it, on each connection.
        case closed
        /// The clock: so many a second in all, as long as a connection is free.
        case open(perSecond: Double)
    }

    /// When enough was measured.
    public enum Length: Sendable, Hashable {
        case time(Duration)
        case requests(Int)
    }

    public var arrival = Arrival.closed
    public var length = Length.time(.seconds(10))
    /// Connections in all, each with one request at a time.
    public var connections = 64
    /// Event loops, each on a thread of its own; connections are shared out.
    public var loops = 1
    /// Load before the measuring begins.
    public var warmup = Duration.seconds(1)
    /// Over how long the connections are opened, evenly; all at once when zero.
    public var ramp = Duration.zero
    /// The longest that one request may take.
    public var timeout = Duration.seconds(600)
    /// How long measured requests may go on after the end; what then goes on still is counted as unfinished.
    public var grace = Duration.seconds(10)

    /// A plan with the defaults: a closed loop of 64 connections, measured for ten seconds.
    public init() {}

    /// Throws ``SMMFError`` that names the option with a value that cannot be.
    public func validate() throws(SMMFError) {
        func require(_ isGood: Bool, _ field: String, _ what: String) throws(SMMFError) {
            guard isGood else { throw SMMFError(.configuration, "\(field) must be \(what).", field: field) }
        }
        try require((1...100_000).contains(connections), "--connections", "from 1 to 100000")
        try require((1...256).contains(loops), "--loops", "from 1 to 256")
        try require(loops <= connections, "--loops", "no more than --connections")
        for (field, value) in [("--warmup", warmup), ("--ramp", ramp), ("--grace", grace)] {
            try require(value >= .zero && value <= .seconds(86_400), field, "from 0 to 86400 seconds")
        }
        try require(
            timeout > .zero && timeout <= .seconds(86_400),
            "--timeout",
            "more than 0 and at most 86400 seconds"
        )
        switch length {
        case .time(let time):
            try require(time > .zero && time <= .seconds(86_400), "--duration", "more than 0 and at most 86400 seconds")
        case .requests(let count): try require(count > 0, "--requests", "at least 1")
        }
        if case .open(let rate) = arrival {
            try require(rate > 0 && rate <= 10_000_000, "--rate", "more than 0 and at most 10000000 a second")
        }
    }

    /// How many of a loop's `share` of the connections may be open so long after the start.
    func connections(of share: Int, after elapsed: Int) -> Int {
        let ramp = ramp.nanoseconds
        guard elapsed < ramp else { return share }
        return min(share, Int(Double(share) * Double(elapsed) / Double(ramp)) + 1)
    }

    /// One loop's part of a number that holds for all of them.
    func share(_ count: Int, of loop: Int) -> Int {
        count / loops + (loop < count % loops ? 1 : 0)
    }
}

extension Duration {
    /// Whole nanoseconds; what does not fit is cut to the largest number.
    var nanoseconds: Int {
        let (seconds, attoseconds) = components
        let (product, overflow) = Int(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? (seconds < 0 ? Int.min : Int.max) : product &+ Int(attoseconds / 1_000_000_000)
    }
}
