// SPDX-License-Identifier: MIT

import Synchronization

/// One admitted request's hold on its key. It cannot be copied and is settled at most once; whoever lets go of it without
/// settling gives the reserved tokens back, and the place among the concurrent requests in either case.
public struct KeyTicket: ~Copyable, Sendable {
    /// Whose it is.
    public let entry: KeyEntry
    /// Tokens held for the request.
    public private(set) var reserved: Int

    init(_ entry: KeyEntry, reserved: Int) {
        self.entry = entry
        self.reserved = reserved
    }

    /// Charges what the request cost: what was reserved beyond it is given back, what is missing is taken.
    ///
    /// `isEstimate` says that no upstream told the cost. `now` is nanoseconds on the clock of the admission.
    public consuming func settle(_ tokens: Int, isEstimate: Bool, at now: UInt64) {
        let cost = max(0, tokens)
        entry.settle(cost, reserved: reserved, isEstimate: isEstimate, at: now)
        reserved = 0
    }

    deinit {
        if reserved > 0 { entry.giveBack(reserved) }
        entry.meter.running.wrappingSubtract(1, ordering: .relaxed)
    }
}
