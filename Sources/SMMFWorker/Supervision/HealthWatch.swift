// SPDX-License-Identifier: MIT

import SMMFCore

/// Judges whether an engine that serves is well, by its progress: a busy engine is never taken for a dead one.
struct HealthWatch: Sendable, Hashable {
    /// What a look at the engine leads to.
    enum Verdict: Sendable, Hashable {
        case healthy
        /// The look shows no progress, so only a token can tell.
        case askForToken
    }

    private let busyAllowance: Duration
    private var lastLoad: LoadRecord?
    private var lastProcessorTime: UInt64?
    private var lastProgress: Duration

    /// Starts to watch an engine that has just shown that it works.
    init(busyAllowance: Duration, at now: Duration) {
        self.busyAllowance = busyAllowance
        self.lastProgress = now
    }

    /// Judges a look: whether the readiness path answered, and the load where the engine tells one.
    mutating func judge(isReady: Bool, load: LoadRecord?, at now: Duration) -> Verdict {
        defer { if let load { lastLoad = load } }
        guard isReady else { return .askForToken }
        guard let load else {
            // An engine that never told its load has nothing but its readiness; one that told it before hangs in part.
            if lastLoad == nil { lastProgress = now }
            return lastLoad == nil ? .healthy : .askForToken
        }
        let hasMoved = load.generatedTokens != nil && load.generatedTokens != lastLoad?.generatedTokens
        guard hasMoved || load.running == 0 && load.waiting == 0 else { return .askForToken }
        lastProgress = now
        return .healthy
    }

    /// Takes note that a token came.
    mutating func tokenCame(at now: Duration) {
        lastProgress = now
    }

    /// Whether an engine that gave no token is at work all the same: it has requests in hand and uses the processor, as
    /// in a long prompt, and has not done only that for too long.
    mutating func isBusy(processorTime: UInt64?, at now: Duration) -> Bool {
        defer { lastProcessorTime = processorTime }
        guard let lastLoad, lastLoad.running > 0 || lastLoad.waiting > 0, now - lastProgress < busyAllowance,
            let processorTime
        else { return false }
        // The first look has nothing to compare with, and time enough to look again.
        guard let lastProcessorTime else { return true }
        return processorTime > lastProcessorTime
    }
}
