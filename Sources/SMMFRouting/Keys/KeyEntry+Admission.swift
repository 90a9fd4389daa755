// SPDX-License-Identifier: MIT

import SMMFCore
import Synchronization

/// Admission by reservation: everything a request may use is taken before it starts, or nothing is.
extension KeyEntry {
    /// Whether tokens have to be reserved; without a limit on them it is enough to count what was used.
    private var limitsTokens: Bool { limits.tokensPerMinute != nil || limits.budget != nil }

    /// Takes a place, a request and the tokens that a request may cost, or throws and takes nothing.
    ///
    /// `now` is nanoseconds of a monotonic clock. It costs a few atomic operations and allocates nothing.
    public func admit(_ demand: KeyDemand, at now: UInt64) throws(KeyRefusal) -> KeyTicket {
        try enter()
        do throws(KeyRefusal) {
            let tokens = try takeTokens(demand, at: now)
            do throws(KeyRefusal) {
                try takeRequest(at: now)
            } catch {
                giveBack(tokens)
                throw error
            }
            meter.countAdmitted()
            return KeyTicket(self, reserved: tokens)
        } catch {
            meter.running.wrappingSubtract(1, ordering: .relaxed)
            throw error
        }
    }

    private func enter() throws(KeyRefusal) {
        let before = meter.running.wrappingAdd(1, ordering: .relaxed).oldValue
        guard let limit = limits.concurrent, before >= limit else { return }
        meter.running.wrappingSubtract(1, ordering: .relaxed)
        throw .concurrent(limit: limit)
    }

    private func takeRequest(at now: UInt64) throws(KeyRefusal) {
        guard let limit = limits.requestsPerMinute else { return }
        if case .later(let wait) = meter.requests.take(1, limit: limit, at: now) {
            throw .requests(limit: limit, wait: wait)
        }
    }

    /// Reserves tokens of the budget and of the minute, and returns how many.
    private func takeTokens(_ demand: KeyDemand, at now: UInt64) throws(KeyRefusal) -> Int {
        guard limitsTokens else { return 0 }
        var room = limits.tokensPerMinute ?? Int.max
        if let budget = limits.budget { room = min(room, budget.tokens - meter.budgetUse) }
        let tokens = demand.tokens(within: room)
        if let left = meter.reserve(tokens, within: limits.budget?.tokens) {
            throw .budget(limit: limits.budget?.tokens ?? 0, asked: tokens, left: left)
        }
        guard let limit = limits.tokensPerMinute else { return tokens }
        switch meter.tokens.take(tokens, limit: limit, at: now) {
        case .taken: return tokens
        case .later(let wait):
            meter.unreserve(tokens)
            throw .tokens(limit: limit, asked: tokens, wait: wait)
        case .never:
            meter.unreserve(tokens)
            throw .tooLarge(limit: limit, asked: tokens)
        }
    }

    func settle(_ cost: Int, reserved: Int, isEstimate: Bool, at now: UInt64) {
        meter.settle(cost, isEstimate: isEstimate)
        if reserved > 0 { meter.unreserve(reserved) }
        guard let limit = limits.tokensPerMinute else { return }
        if cost > reserved {
            meter.tokens.charge(cost - reserved, limit: limit, at: now)
        } else if cost < reserved {
            meter.tokens.giveBack(reserved - cost, limit: limit)
        }
    }

    func giveBack(_ reserved: Int) {
        guard reserved > 0 else { return }
        meter.unreserve(reserved)
        if let limit = limits.tokensPerMinute { meter.tokens.giveBack(reserved, limit: limit) }
    }
}
