// SPDX-License-Identifier: MIT

/// When requests are due under a fixed rate, whatever the server does. A request that cannot be sent in time keeps its
/// time, so that a slow server cannot hide its slowness by slowing the load down.
struct ArrivalSchedule: Sendable, Hashable {
    private let start: Int
    private let interval: Double
    private let end: Int
    private var index = 0

    /// A schedule from `start` up to `end`, in nanoseconds, for one of `loops` loops that share the rate of `rate`
    /// requests a second: they take turns.
    init(rate: Double, start: Int, end: Int, loop: Int = 0, of loops: Int = 1) {
        interval = 1e9 / rate * Double(loops)
        self.start = start + Int(1e9 / rate * Double(loop))
        self.end = end
    }

    /// When the next request is due, or nil when there are no more.
    var next: Int? {
        let time = time(of: index)
        return time < end ? time : nil
    }

    private func time(of index: Int) -> Int { start + Int(Double(index) * interval) }

    /// Takes the next request if it is due, and returns the time it was due at.
    mutating func take(at now: Int) -> Int? {
        guard let next, next <= now else { return nil }
        index += 1
        return next
    }

    /// How many more were due before `now` and have not been taken.
    func overdue(at now: Int) -> Int {
        let limit = min(now, end)
        guard limit > start else { return 0 }
        // The division may be off by one either way; the times themselves decide.
        var due = Int(Double(limit - start) / interval)
        while time(of: due) < limit { due += 1 }
        while due > 0, time(of: due - 1) >= limit { due -= 1 }
        return max(0, due - index)
    }
}
