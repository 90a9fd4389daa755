// SPDX-License-Identifier: MIT

/// Bytes of a worker's memory: of main memory, and of its graphics cards by their numbers.
struct MemoryAmount: Sendable, Hashable {
    var main = 0
    var cards: [Int: Int] = [:]

    /// What stands for no bound; large, and far from where sums overflow.
    static let unbounded = 1 << 60

    /// Whether there is nothing of anything, or less.
    var isNothing: Bool { main <= 0 && cards.values.allSatisfy { $0 <= 0 } }

    /// All of it, main memory and cards.
    var total: Int { cards.values.reduce(max(0, main)) { $0 + max(0, $1) } }

    /// Whether `other` fits into it; a card that it does not know has no bound.
    func holds(_ other: MemoryAmount) -> Bool {
        main >= other.main && other.cards.allSatisfy { $0.value <= cards[$0.key] ?? Self.unbounded }
    }

    /// How often `other` fits into it.
    func count(of other: MemoryAmount) -> Int {
        let parts = [(main, other.main)] + other.cards.map { (cards[$0.key] ?? Self.unbounded, $0.value) }
        return parts.filter { $0.1 > 0 }.map { max(0, $0.0) / $0.1 }.min() ?? .max
    }

    /// Whether having this as well would help where `missing` is missing.
    func helps(_ missing: MemoryAmount) -> Bool {
        main > 0 && missing.main > 0 || cards.contains { $0.value > 0 && missing.cards[$0.key, default: 0] > 0 }
    }

    static func + (left: MemoryAmount, right: MemoryAmount) -> MemoryAmount {
        MemoryAmount(main: left.main + right.main, cards: left.cards.merging(right.cards, uniquingKeysWith: +))
    }

    static func - (left: MemoryAmount, right: MemoryAmount) -> MemoryAmount { left + right * -1 }

    static func * (amount: MemoryAmount, factor: Int) -> MemoryAmount {
        MemoryAmount(main: amount.main * factor, cards: amount.cards.mapValues { $0 * factor })
    }
}
