// SPDX-License-Identifier: MIT

/// What a key has spent, in tokens: in all, and on the last day and in the last month that it was used.
public struct KeySpending: Sendable, Hashable, Codable {
    public private(set) var total = 0
    /// The last day with any spending, counted from 1970.
    public private(set) var day = 0
    public private(set) var dayTokens = 0
    public private(set) var monthTokens = 0

    /// Nothing spent.
    public static let none = KeySpending()

    private init() {}

    /// Adds tokens that were spent on a day. Spending of an earlier day or month, which comes when an API server was cut
    /// off over midnight, counts for the longer periods that it still falls into.
    public mutating func add(_ tokens: Int, onDay spentOn: Int) {
        total = Self.sum(total, tokens)
        if spentOn > day {
            if !BudgetPeriod.month.holds(spentOn, with: day) { monthTokens = 0 }
            day = spentOn
            dayTokens = 0
        }
        if spentOn == day { dayTokens = Self.sum(dayTokens, tokens) }
        if BudgetPeriod.month.holds(spentOn, with: day) { monthTokens = Self.sum(monthTokens, tokens) }
    }

    /// The tokens spent in the period that `today` falls into.
    public func tokens(in period: BudgetPeriod, onDay today: Int) -> Int {
        switch period {
        case .day: today == day ? dayTokens : 0
        case .month: BudgetPeriod.month.holds(today, with: day) ? monthTokens : 0
        case .total: total
        }
    }

    /// A report from a broken peer must not end the process that adds it up.
    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(max(0, right))
        return overflow ? Int.max : sum
    }
}
