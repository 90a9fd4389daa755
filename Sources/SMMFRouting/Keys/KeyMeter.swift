// SPDX-License-Identifier: MIT

import Synchronization

/// What one key uses in this process; shared by all event loops and kept across key tables, like ``InstanceLoad``.
///
/// Tokens move through it in one direction: reserved when a request is admitted; pending once it has ended and its cost
/// is known; then collected by the keeper, who reports them and counts them into ``spent``. At any moment the sum of the
/// three is what a budget is measured against. Each step adds to the next place before it takes from the last one, and
/// a reader looks in the same order, so the sum may be too high for an instant and is never too low.
public final class KeyMeter: Sendable {
    let requests = RateBucket()
    let tokens = RateBucket()
    let running = Atomic<Int>(0)
    let reserved = Atomic<Int>(0)
    private let pending = Atomic<Int>(0)
    private let spent = Atomic<Int>(0)
    private let admittedRequests = Atomic<Int>(0)
    private let settledTokens = Atomic<Int>(0)
    private let estimatedTokens = Atomic<Int>(0)

    /// Creates a meter at zero.
    public init() {}

    /// Requests under way.
    public var inFlight: Int { running.load(ordering: .relaxed) }
    /// Tokens that running requests may still use.
    public var reservedTokens: Int { reserved.load(ordering: .relaxed) }
    /// Requests admitted since the process started.
    public var requestCount: Int { admittedRequests.load(ordering: .relaxed) }
    /// Tokens settled since the process started, estimates included.
    public var tokenCount: Int { settledTokens.load(ordering: .relaxed) }
    /// The part of ``tokenCount`` that is estimated, as no upstream said it.
    public var estimatedTokenCount: Int { estimatedTokens.load(ordering: .relaxed) }

    /// Tokens that count against the budget now.
    var budgetUse: Int {
        reserved.load(ordering: .acquiring) &+ pending.load(ordering: .acquiring) &+ spent.load(ordering: .relaxed)
    }

    /// Reserves `count` tokens of a budget of `limit`; returns how many are left when that is too many.
    func reserve(_ count: Int, within limit: Int?) -> Int? {
        guard let limit else {
            reserved.wrappingAdd(count, ordering: .relaxed)
            return nil
        }
        var current = reserved.load(ordering: .acquiring)
        while true {
            let others = pending.load(ordering: .acquiring) &+ spent.load(ordering: .relaxed)
            let left = limit &- others &- current
            // A request that costs nothing is refused as well when nothing is left.
            guard count <= left, left > 0 else { return max(0, left) }
            let (done, seen) = reserved.weakCompareExchange(
                expected: current,
                desired: current &+ count,
                successOrdering: .acquiring,
                failureOrdering: .acquiring
            )
            if done { return nil }
            current = seen
        }
    }

    func unreserve(_ count: Int) { reserved.wrappingSubtract(count, ordering: .releasing) }

    func countAdmitted() { admittedRequests.wrappingAdd(1, ordering: .relaxed) }

    func settle(_ count: Int, isEstimate: Bool) {
        guard count > 0 else { return }
        pending.wrappingAdd(count, ordering: .releasing)
        settledTokens.wrappingAdd(count, ordering: .relaxed)
        if isEstimate { estimatedTokens.wrappingAdd(count, ordering: .relaxed) }
    }

    // MARK: For the one keeper

    /// Takes the tokens settled since the last time. `count` gets them first, and returns what is spent with them.
    public func collect(_ count: (_ settled: Int) -> Int) {
        let settled = pending.load(ordering: .relaxed)
        guard settled != 0 else { return }
        spent.store(count(settled), ordering: .releasing)
        pending.wrappingSubtract(settled, ordering: .releasing)
    }

    /// Sets what is spent in the budget's present period, collected tokens included.
    public func setSpent(_ tokens: Int) { spent.store(tokens, ordering: .releasing) }
}
