// SPDX-License-Identifier: MIT

/// Watches what a starting engine prints, and says until when it may go on: a value.
///
/// Progress is what the engine's adapter reads as such, and any line whose percentage, count (`3/8`, `3 of 8`) or size
/// (`1.2 GB`) stands above what the same line had shown before; it moves the deadline on by the settings' patience. A line
/// of a kind that was not seen before is news and moves it as well, but not for ever without progress: a program that only
/// talks, or prints a clock, ends like one that is silent. What is said again with other numbers is no news.
public struct StartWatch: Sendable, Hashable {
    /// Which bound holds the deadline where it is.
    public enum Bound: Sendable, Hashable {
        /// Nothing new was printed.
        case patience
        /// Only news and no progress.
        case news
        /// The whole start.
        case total
    }

    /// What a kind of line has shown.
    private struct Seen: Sendable, Hashable {
        var best: [Double]
        /// How often its numbers began again, as with a second set of files.
        var passes = 0
    }

    /// Until when the start may go on.
    public private(set) var deadline: Duration
    public private(set) var bound = Bound.patience
    /// How far the start has come, where something tells.
    public private(set) var progress: LoadingProgress?

    private let settings: InstanceLifecycle.Settings
    private let startedAt: Duration
    private var lastProgress: Duration
    private var kinds: [UInt64: Seen] = [:]
    /// The kinds, those seen first in front.
    private var order: [UInt64] = []
    private var steps: [String: Double] = [:]
    private var isEnginesWord = false

    /// Kinds of lines that are remembered; beyond them the oldest is news again.
    private static let kindLimit = 512
    /// Steps of an engine that are told apart.
    private static let stepLimit = 64
    /// How often the numbers of a kind of line may begin again.
    private static let passLimit = 8

    /// Begins to watch a start.
    public init(_ settings: InstanceLifecycle.Settings, at now: Duration) {
        self.settings = settings
        startedAt = now
        lastProgress = now
        deadline = now + min(settings.startDeadline, settings.longestStart)
    }

    /// Takes a line and what the engine's adapter reads in it; returns whether the deadline or the progress changed.
    public mutating func read(_ line: String, _ step: LoadingProgress?, at now: Duration) -> Bool {
        let before = (deadline, progress)
        let signs = LineSigns(line)
        let isGrowth = note(signs)
        let isStep = step.map { note($0) } ?? false
        if let step {
            isEnginesWord = true
            progress = step
        } else if isGrowth == .progress, !isEnginesWord, let fraction = signs.amounts.first, fraction <= 1 {
            progress = LoadingProgress(fraction: fraction, text: "loading the model")
        }
        if isStep || isGrowth == .progress { lastProgress = now }
        if isStep || isGrowth != .nothing { extend(at: now) }
        return before != (deadline, progress)
    }

    private mutating func extend(at now: Duration) {
        let bounds: [(Duration, Bound)] = [
            (now + settings.startDeadline, .patience), (lastProgress + settings.newsAllowance, .news),
            (startedAt + settings.longestStart, .total),
        ]
        guard let least = bounds.min(by: { $0.0 < $1.0 }), least.0 >= deadline else { return }
        (deadline, bound) = least
    }

    private enum Growth { case nothing, news, progress }

    private mutating func note(_ signs: LineSigns) -> Growth {
        guard var seen = kinds[signs.kind] else {
            if order.count == Self.kindLimit { kinds[order.removeFirst()] = nil }
            order.append(signs.kind)
            kinds[signs.kind] = Seen(best: signs.amounts)
            return .news
        }
        if Self.isBeyond(signs.amounts, seen.best) {
            seen.best = signs.amounts
            kinds[signs.kind] = seen
            return .progress
        }
        if let most = seen.best.first, let now = signs.amounts.first, (0.99...1).contains(most), now < 0.5,
            seen.passes < Self.passLimit
        {
            kinds[signs.kind] = Seen(best: signs.amounts, passes: seen.passes + 1)
            return .news
        }
        return .nothing
    }

    /// The first amount that differs decides, as the second file's first percent stands above the first one's last.
    private static func isBeyond(_ new: [Double], _ best: [Double]) -> Bool {
        for (new, best) in zip(new, best) {
            // Steps below a thousandth would let a start go on for ever.
            let step = 0.001 * max(1, best)
            if new >= best + step { return true }
            if new <= best - step { return false }
        }
        return false
    }

    private mutating func note(_ step: LoadingProgress) -> Bool {
        let fraction = step.fraction ?? 0
        guard let best = steps[step.text] else {
            guard steps.count < Self.stepLimit else { return false }
            steps[step.text] = fraction
            return true
        }
        guard fraction >= best + 0.001 else { return false }
        steps[step.text] = fraction
        return true
    }
}
