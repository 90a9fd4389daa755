// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFGateway
import SMMFTesting
import Testing

@testable import SMMFRouting

@Suite("Spending ledger")
struct SpendingLedgerTests {
    private func card(_ id: String, _ budget: TokenBudget?, spending: KeySpending? = nil) -> KeyCard {
        let key = APIKey(
            id: KeyID(id),
            name: id,
            prefix: "",
            digest: KeyDigest(1, 2, 3, 4),
            limits: KeyLimits(budget: budget),
            created: Timestamp(milliseconds: 0)
        )
        return KeyCard(key, spending: spending)
    }

    private func spending(_ tokens: Int, day: Int) -> KeySpending {
        var spending = KeySpending.none
        spending.add(tokens, onDay: day)
        return spending
    }

    private func expectNext(_ report: SpendingReport?, _ ledger: inout SpendingLedger) {
        let next = ledger.nextReport()
        #expect(next == report)
    }

    @Test("a report stays the same until it is acknowledged, and what came meanwhile is in the next")
    func reports() throws {
        var ledger = SpendingLedger(server: "s")
        ledger.follow([card("a", nil)], onDay: 1)
        expectNext(nil, &ledger)
        let meter = ledger.meter(for: KeyID("a"))
        meter.settle(5, isEstimate: false)
        ledger.collect(onDay: 1)
        let firstSent = ledger.nextReport()
        let first = try #require(firstSent)
        #expect(first.number == 1 && first.entries == [.init(key: KeyID("a"), day: 1, tokens: 5)])
        meter.settle(2, isEstimate: false)
        ledger.collect(onDay: 1)
        meter.settle(3, isEstimate: false)
        ledger.collect(onDay: 2)
        expectNext(first, &ledger)
        ledger.acknowledge(7, [], onDay: 2)
        expectNext(first, &ledger)
        ledger.acknowledge(1, [], onDay: 2)
        let secondSent = ledger.nextReport()
        let second = try #require(secondSent)
        let entries = [(1, 2), (2, 3)].map { SpendingReport.Entry(key: KeyID("a"), day: $0.0, tokens: $0.1) }
        #expect(second.number == 2 && second.entries == entries)
        ledger.acknowledge(2, [], onDay: 2)
        expectNext(nil, &ledger)
    }

    @Test("a budget counts what others spent and what is not known yet, and starts anew with its period")
    func budgets() throws {
        var ledger = SpendingLedger(server: "s")
        let budget = TokenBudget(tokens: 100, period: .day)
        ledger.follow([card("a", budget, spending: spending(40, day: 7))], onDay: 7)
        let meter = ledger.meter(for: KeyID("a"))
        #expect(meter.budgetUse == 40)
        meter.settle(10, isEstimate: false)
        #expect(meter.budgetUse == 50)
        ledger.collect(onDay: 7)
        #expect(meter.budgetUse == 50)
        let reportSent = ledger.nextReport()
        let report = try #require(reportSent)
        meter.settle(1, isEstimate: false)
        // An older word does not take anything back.
        ledger.follow([card("a", budget, spending: spending(30, day: 7))], onDay: 7)
        #expect(meter.budgetUse == 51)
        ledger.acknowledge(report.number, [KeySpent(key: KeyID("a"), spending: spending(70, day: 7))], onDay: 7)
        #expect(meter.budgetUse == 71)
        ledger.collect(onDay: 8)
        #expect(meter.budgetUse == 0)
        meter.settle(4, isEstimate: false)
        ledger.collect(onDay: 8)
        #expect(meter.budgetUse == 4)
    }

    @Test("a report has a bound, and the rest follows")
    func bound() throws {
        var ledger = SpendingLedger(server: "s")
        let cards = (0..<2500).map { card("k\($0)", nil) }
        ledger.follow(cards, onDay: 1)
        for card in cards { ledger.meter(for: card.id).settle(1, isEstimate: false) }
        ledger.collect(onDay: 1)
        var seen: Set<KeyID> = []
        while let report = ledger.nextReport() {
            #expect(report.entries.count <= SpendingReport.entryLimit)
            for entry in report.entries { #expect(seen.insert(entry.key).inserted) }
            ledger.acknowledge(report.number, [], onDay: 1)
        }
        #expect(seen.count == 2500)
    }

    @Test("a key that is gone is reported to the end, and its meter survives a change of its card")
    func gone() throws {
        var ledger = SpendingLedger(server: "s")
        ledger.follow([card("a", nil)], onDay: 1)
        let meter = ledger.meter(for: KeyID("a"))
        ledger.follow([card("a", TokenBudget(tokens: 9, period: .total))], onDay: 1)
        #expect(ledger.meter(for: KeyID("a")) === meter)
        meter.settle(3, isEstimate: false)
        ledger.collect(onDay: 1)
        ledger.follow([], onDay: 1)
        let reportSent = ledger.nextReport()
        let report = try #require(reportSent)
        #expect(report.entries.map(\.tokens) == [3])
        ledger.acknowledge(report.number, [], onDay: 1)
        ledger.follow([], onDay: 1)
        #expect(ledger.meter(for: KeyID("a")) !== meter)
    }

    @Test("whatever is lost on the way, servers and controller agree in the end, and no budget is counted too low")
    func conservation() {
        for seed in 0..<60 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var world = World(card("a", TokenBudget(tokens: 1 << 40, period: .allCases[Int(seed % 3)])))
            for _ in 0..<300 { world.step(&generator) }
            world.finish()
            #expect(world.problem == nil, "seed \(seed)")
        }
    }
}

/// Two API servers and a controller whose calls get lost on either way.
private struct World {
    private let card: KeyCard
    private var servers = [SpendingLedger(server: "one"), SpendingLedger(server: "two")]
    private var stored = KeySpending.none
    private var added: [String: UInt64] = [:]
    private var today = 100
    private var usedByDay: [Int: Int] = [:]
    private(set) var problem: String?

    init(_ card: KeyCard) {
        self.card = card
        for index in servers.indices { servers[index].follow([card], onDay: today) }
    }

    mutating func step(_ generator: inout SeededGenerator) {
        let index = Int.random(in: servers.indices, using: &generator)
        switch Int.random(in: 0..<12, using: &generator) {
        case 0:
            // Midnight: both collect first, as they do every second.
            for index in servers.indices { servers[index].collect(onDay: today) }
            today += Bool.random(using: &generator) ? 1 : 20
            for index in servers.indices { servers[index].collect(onDay: today) }
        case 1...5: use(index, Int.random(in: 1...1000, using: &generator))
        case 6: servers[index].follow([published], onDay: today)
        case 7: servers[index].collect(onDay: today)
        case 8: send(index, arrives: false, answers: false)
        case 9: send(index, arrives: true, answers: false)
        default: send(index, arrives: true, answers: true)
        }
        check()
    }

    mutating func finish() {
        for index in servers.indices {
            servers[index].collect(onDay: today)
            while servers[index].nextReport() != nil { send(index, arrives: true, answers: true) }
        }
        let all = usedByDay.values.reduce(0, +)
        if stored.total != all { problem = "\(stored.total) are stored of \(all)" }
        for index in servers.indices {
            servers[index].follow([published], onDay: today)
            let counted = servers[index].meter(for: card.id).budgetUse
            if counted != used(inPeriodOf: today) { problem = "server \(index) counts \(counted)" }
        }
    }

    private var published: KeyCard {
        var card = card
        card.spending = stored
        return card
    }

    private mutating func use(_ index: Int, _ tokens: Int) {
        servers[index].meter(for: card.id).settle(tokens, isEstimate: false)
        usedByDay[today, default: 0] += tokens
        own[index][today, default: 0] += tokens
    }

    private var own: [[Int: Int]] = [[:], [:]]

    private mutating func send(_ index: Int, arrives: Bool, answers: Bool) {
        servers[index].collect(onDay: today)
        guard let report = servers[index].nextReport(), arrives else { return }
        if report.number > added[report.server] ?? 0 {
            added[report.server] = report.number
            for entry in report.entries { stored.add(entry.tokens, onDay: entry.day) }
        }
        guard answers else { return }
        servers[index].acknowledge(report.number, [KeySpent(key: card.id, spending: stored)], onDay: today)
    }

    private func used(inPeriodOf day: Int) -> Int { sum(usedByDay, day) }

    private func sum(_ days: [Int: Int], _ day: Int) -> Int {
        let period = card.limits.budget?.period ?? .total
        return days.filter { period.holds($0.key, with: day) }.values.reduce(0, +)
    }

    /// A server always counts at least what it let through itself.
    private mutating func check() {
        for index in servers.indices {
            let counted = servers[index].meter(for: card.id).budgetUse
            if counted < sum(own[index], today) { problem = "server \(index) counts only \(counted)" }
        }
    }
}
