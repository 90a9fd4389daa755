// SPDX-License-Identifier: MIT

package import SMMFCore
package import SMMFRouting

/// What this API server's keys have spent and the controller does not know yet, and what they have spent in all; a value
/// without clock or network. It keeps one meter for each key for as long as the key is known.
///
/// Settled tokens are collected from the meters by day, go out in reports of which one at a time is under way, and count
/// as unacknowledged until the controller has answered. What the controller says only ever grows; an answer may say the
/// same tokens that are still unacknowledged here, so that a budget is counted too high for a moment and never too low.
///
/// Days are counted from 1970, in UTC.
package struct SpendingLedger: Sendable {
    private struct Account: Sendable {
        let meter: KeyMeter
        var period: BudgetPeriod?
        var known = KeySpending.none
        /// Collected tokens by day.
        var unacknowledged: [Int: Int] = [:]

        func spent(onDay today: Int) -> Int {
            guard let period else { return 0 }
            return unacknowledged.reduce(known.tokens(in: period, onDay: today)) { sum, part in
                period.holds(part.key, with: today) ? sum &+ part.value : sum
            }
        }

        mutating func learn(_ spending: KeySpending) {
            if spending.total >= known.total { known = spending }
        }

        mutating func collect(onDay today: Int) {
            let meter = meter
            meter.collect { settled in
                unacknowledged[today, default: 0] += settled
                return spent(onDay: today)
            }
            // The day may be another one than the last time.
            meter.setSpent(spent(onDay: today))
        }
    }

    private let server: String
    private var accounts: [KeyID: Account] = [:]
    private var underWay: SpendingReport?
    private var number: UInt64 = 0

    /// Creates an empty ledger; `server` names this run of this API server and no other.
    package init(server: String) { self.server = server }

    /// Takes the keys that there are. One that is gone is let go of when nothing of it is left to report.
    package mutating func follow(_ cards: some Collection<KeyCard>, onDay today: Int) {
        var named: Set<KeyID> = []
        for card in cards {
            named.insert(card.id)
            var account = accounts[card.id] ?? Account(meter: KeyMeter())
            account.period = card.limits.budget?.period
            if let spending = card.spending { account.learn(spending) }
            account.collect(onDay: today)
            accounts[card.id] = account
        }
        accounts = accounts.filter { id, account in
            named.contains(id) || account.meter.inFlight > 0 || !account.unacknowledged.isEmpty
        }
    }

    /// The key's meter; a new one for a key that is not followed.
    package func meter(for id: KeyID) -> KeyMeter { accounts[id]?.meter ?? KeyMeter() }

    /// Takes what was settled since the last time, as spent today.
    package mutating func collect(onDay today: Int) {
        for id in accounts.keys { accounts[id]?.collect(onDay: today) }
    }

    /// The report to send: the last one until it was acknowledged, then the next; nil when there is nothing to say.
    package mutating func nextReport() -> SpendingReport? {
        if let underWay { return underWay }
        var entries: [SpendingReport.Entry] = []
        for (id, account) in accounts.sorted(by: { $0.key < $1.key }) where !account.unacknowledged.isEmpty {
            for (day, tokens) in account.unacknowledged.sorted(by: { $0.key < $1.key }) {
                guard entries.count < SpendingReport.entryLimit else { break }
                entries.append(SpendingReport.Entry(key: id, day: day, tokens: tokens))
            }
        }
        guard !entries.isEmpty else { return nil }
        number += 1
        underWay = SpendingReport(server: server, number: number, entries: entries)
        return underWay
    }

    /// The controller has added the report of this number, and says what its keys have spent in all.
    package mutating func acknowledge(_ number: UInt64, _ spent: [KeySpent], onDay today: Int) {
        guard let report = underWay, report.number == number else { return }
        underWay = nil
        for entry in report.entries {
            guard let tokens = accounts[entry.key]?.unacknowledged[entry.day] else { continue }
            accounts[entry.key]?.unacknowledged[entry.day] = tokens == entry.tokens ? nil : tokens - entry.tokens
        }
        for item in spent { accounts[item.key]?.learn(item.spending) }
        for key in Set(report.entries.map(\.key)) { accounts[key]?.collect(onDay: today) }
    }
}
