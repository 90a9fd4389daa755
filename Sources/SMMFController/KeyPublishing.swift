// SPDX-License-Identifier: MIT

import SMMFCore

/// What of the API keys is published, and when it is worth publishing anew; a value.
///
/// Changes of keys are published at once. Spending changes all the time, and API servers know their own and get exact
/// figures with each report; so it is published when it has moved by a part of the budget that matters to the others.
struct KeyPublishing: Sendable {
    /// Spending is published anew when it has moved by this part of its budget.
    static let share = 200

    private var published: [KeyID: KeySpending] = [:]
    private var hasPublished = false
    private var isStale = false
    /// The publication that was begun last; the next one begins when it is done.
    var last: Task<Void, Never>?

    /// Keys were added, changed or removed.
    mutating func keysChanged() { isStale = true }

    /// A key has spent more.
    mutating func spent(_ stored: StoredKey, onDay today: Int) {
        guard !isStale, let budget = stored.key.limits.budget else { return }
        let old = (published[stored.key.id] ?? .none).tokens(in: budget.period, onDay: today)
        let new = stored.spending.tokens(in: budget.period, onDay: today)
        let isOver = new >= budget.tokens && old < budget.tokens
        if isOver || new - old >= max(1, budget.tokens / Self.share) { isStale = true }
    }

    /// The cards to publish now, or nil when there is nothing new.
    mutating func begin(_ keys: some Collection<StoredKey>) -> [KeyCard]? {
        guard isStale || !hasPublished else { return nil }
        isStale = false
        published = [:]
        return keys.map { stored in
            guard stored.key.limits.budget != nil else { return KeyCard(stored.key) }
            published[stored.key.id] = stored.spending
            return KeyCard(stored.key, spending: stored.spending)
        }
    }

    /// The registry has taken the cards, or has not, and gets them again.
    mutating func ended(_ isTaken: Bool) {
        if isTaken { hasPublished = true } else { isStale = true }
    }
}
