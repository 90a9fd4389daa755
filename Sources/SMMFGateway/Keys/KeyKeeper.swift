// SPDX-License-Identifier: MIT

import Logging
import SMMFCore
import SMMFRouting

/// Makes key tables of the published cards, and reports what keys have spent. Never on a request's way.
actor KeyKeeper {
    private var ledger: SpendingLedger
    private var cards: [KeyID: KeyCard] = [:]
    private var entries: [KeyID: KeyEntry] = [:]
    private var current: KeyTable
    private var isFailing = false

    private let isExposed: Bool
    private let sink: any SpendingSink
    private let wallClock: @Sendable () -> Timestamp
    private let sleep: @Sendable (Duration) async throws -> Void
    private let logger: Logger

    /// How often spending is reported, which is also how much a crash can lose.
    private static let reportInterval: Duration = .seconds(2)
    /// How often meters are looked at, so that a budget's new period begins in time whatever the reports do.
    private static let collectInterval: Duration = .seconds(1)

    /// Creates a keeper; `isExposed` says that other machines can reach the server, which then always asks for a key.
    init<C: Clock>(
        isExposed: Bool,
        sink: any SpendingSink,
        clock: C,
        wallClock: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) where C.Duration == Duration {
        self.isExposed = isExposed
        self.sink = sink
        self.wallClock = wallClock
        self.logger = logger
        self.sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
        self.current = KeyTable([], isRequired: isExposed)
        var generator = SystemRandomNumberGenerator()
        self.ledger = SpendingLedger(server: String(generator.next(), radix: 36) + String(generator.next(), radix: 36))
    }

    private var today: Int { BudgetPeriod.day(of: wallClock()) }

    /// The table for these cards; entries whose card did not change stay the same.
    func table(for next: [KeyID: KeyCard]) -> KeyTable {
        guard next != cards else { return current }
        ledger.follow(next.values, onDay: today)
        var kept: [KeyID: KeyEntry] = [:]
        for (id, card) in next {
            let isSame = cards[id] == card
            kept[id] = (isSame ? entries[id] : nil) ?? KeyEntry(card, meter: ledger.meter(for: id))
        }
        cards = next
        entries = kept
        current = KeyTable(Array(kept.values), isRequired: isExposed || !next.isEmpty)
        return current
    }

    /// Collects and reports until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while (try? await self.sleep(Self.collectInterval)) != nil { await self.collect() }
            }
            group.addTask {
                while (try? await self.sleep(Self.reportInterval)) != nil { await self.reportAll() }
            }
        }
    }

    private func collect() { ledger.collect(onDay: today) }

    /// Reports until nothing is left to report or a report fails; that one is sent again the next time.
    func reportAll() async {
        ledger.collect(onDay: today)
        while let report = ledger.nextReport() {
            do {
                let spent = try await sink.add(report)
                ledger.acknowledge(report.number, spent, onDay: today)
                isFailing = false
            } catch {
                if !isFailing {
                    logger.warning("spending of API keys is not reported", metadata: ["smmf.error": "\(error)"])
                }
                isFailing = true
                return
            }
        }
    }
}
