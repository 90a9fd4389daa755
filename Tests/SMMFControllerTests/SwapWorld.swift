// SPDX-License-Identifier: MIT

/// Models that are loaded into a memory and out of it again, in virtual time of tenths of a second: what a rule decides
/// is carried out as a worker would, and requests wait for it.
struct SwapWorld {
    private enum State {
        case absent
        case loading(until: Int)
        case ready
        /// Finishes what it has, then goes.
        case leaving
    }

    private struct Request {
        let model: Int
        let asked: Int
    }

    let sizes: [Int]
    /// Seconds.
    let loadTimes: [Int]
    let budget: Int
    private(set) var waits: [Int] = []
    private var states: [State]
    private var queue: [Request] = []
    /// When requests end, by model.
    private var running: [[Int]]
    private var lastUse: [Int]
    private var tick = 0

    /// How long a request takes, and how long it takes to let go of a model.
    private static let work = 10

    init(sizes: [Int], loadTimes: [Int], budget: Int) {
        self.sizes = sizes
        self.loadTimes = loadTimes
        self.budget = budget
        states = Array(repeating: .absent, count: sizes.count)
        running = Array(repeating: [], count: sizes.count)
        lastUse = Array(repeating: 0, count: sizes.count)
    }

    var queued: Int { queue.count }
    var longestWait: Int { queue.map { tick - $0.asked }.max() ?? 0 }
    var memory: Int { sizes.indices.reduce(0) { isLive($1) ? $0 + sizes[$1] : $0 } }

    func inFlight(_ model: Int) -> Int { running[model].count }
    func waiting(_ model: Int) -> Int { queue.count { $0.model == model } }
    func isLive(_ model: Int) -> Bool { if case .absent = states[model] { false } else { true } }

    mutating func ask(_ model: Int) { queue.append(Request(model: model, asked: tick)) }

    /// One tenth of a second; `decide` says which models shall be in memory.
    mutating func step(_ decide: (SwapWorld, Duration) -> Set<Int>) {
        tick += 1
        for model in sizes.indices {
            running[model].removeAll { $0 <= tick }
            switch states[model] {
            case .loading(let end) where end <= tick: states[model] = .ready
            case .leaving where running[model].isEmpty: states[model] = .absent
            default: break
            }
        }
        let wanted = decide(self, .milliseconds(tick * 100))
        for model in sizes.indices {
            switch states[model] {
            case .absent where wanted.contains(model): states[model] = .loading(until: tick + loadTimes[model] * 10)
            case .loading where !wanted.contains(model), .ready where !wanted.contains(model): states[model] = .leaving
            default: break
            }
        }
        queue.removeAll { request in
            guard case .ready = states[request.model] else { return false }
            running[request.model].append(tick + Self.work)
            lastUse[request.model] = tick
            waits.append(tick - request.asked)
            return true
        }
    }

    /// What llama-swap's plain rule does: the oldest request that waits gets its model, in the place of the one that was
    /// used longest ago, as soon as that has nothing to do.
    func firstComeFirstServed() -> Set<Int> {
        var present = Set(sizes.indices.filter { if case .absent = states[$0] { false } else { true } })
        present = present.filter { if case .leaving = states[$0] { false } else { true } }
        guard let first = queue.first(where: { !present.contains($0.model) }) else { return present }
        let leaving = sizes.indices.filter { if case .leaving = states[$0] { true } else { false } }
        let taken = (Array(present) + leaving).reduce(0) { $0 + sizes[$1] }
        if taken + sizes[first.model] <= budget, !leaving.contains(first.model) { return present.union([first.model]) }
        if !leaving.isEmpty { return present }
        let idle = present.filter { running[$0].isEmpty && waiting($0) == 0 }
        guard let victim = idle.min(by: { lastUse[$0] < lastUse[$1] }) else { return present }
        return present.subtracting([victim])
    }
}
