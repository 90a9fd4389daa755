// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@Suite("Values of API keys")
struct KeyValueTests {
    private func day(_ year: Int, _ month: Int, _ day: Int, hour: Int = 0) -> Timestamp {
        // Counted the slow way, month by month.
        var days = 0
        for passed in 1970..<year { days += Self.isLeap(passed) ? 366 : 365 }
        for passed in 1..<month { days += Self.length(passed, year) }
        return Timestamp(milliseconds: Int64((days + day - 1) * 24 + hour) * 3_600_000)
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func length(_ month: Int, _ year: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    @Test("days and months end when the calendar says so")
    func periods() {
        for year in 1970...2110 {
            for month in 1...12 {
                for date in [1, 15, Self.length(month, year)] {
                    let moment = day(year, month, date, hour: 13)
                    let nextMonth = month == 12 ? day(year + 1, 1, 1) : day(year, month + 1, 1)
                    #expect(BudgetPeriod.month.end(after: moment) == nextMonth)
                    let isLast = date == Self.length(month, year)
                    #expect(BudgetPeriod.day.end(after: moment) == (isLast ? nextMonth : day(year, month, date + 1)))
                }
            }
        }
        #expect(BudgetPeriod.total.end(after: day(2030, 1, 1)) == nil)
        #expect(BudgetPeriod.day(of: Timestamp(milliseconds: -1)) == -1)
    }

    @Test(
        "moments read as RFC 3339 has them",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_827_696_000, "2000-02-29T12:34:56Z"), (-1, "1969-12-31T23:59:59Z"),
            (4_102_444_799_999, "2099-12-31T23:59:59Z"), (.max, "292278994-08-17T07:12:55Z"),
            (.min, "-292275055-05-16T16:47:04Z"),
        ] as [(Int64, String)]
    )
    func moments(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test("spending falls into its day, its month and the total")
    func spending() {
        var spending = KeySpending.none
        let january = BudgetPeriod.day(of: day(2031, 1, 31))
        spending.add(10, onDay: january - 1)
        spending.add(5, onDay: january)
        #expect(spending.tokens(in: .day, onDay: january) == 5)
        #expect(spending.tokens(in: .month, onDay: january) == 15)
        #expect(spending.tokens(in: .day, onDay: january + 1) == 0)
        #expect(spending.tokens(in: .month, onDay: january + 1) == 0)
        // Late news of yesterday.
        spending.add(3, onDay: january - 1)
        #expect(spending.tokens(in: .day, onDay: january) == 5 && spending.tokens(in: .month, onDay: january) == 18)
        spending.add(7, onDay: january + 1)
        spending.add(2, onDay: january)
        #expect(spending.tokens(in: .month, onDay: january + 1) == 7 && spending.total == 27)
        // Nonsense from a peer ends nothing.
        spending.add(1, onDay: Int.min)
        spending.add(1, onDay: Int.max)
        #expect(spending.total == 29 && spending.tokens(in: .month, onDay: january + 1) == 0)
        spending.add(Int.max, onDay: january + 1)
        spending.add(-5, onDay: january + 1)
        #expect(spending.total == Int.max)
    }

    @Test(
        "scopes",
        arguments: [
            ([], "anything", true), (["m"], "m", true), (["m"], "mm", false), (["m*"], "mm", true), (["m*"], "m", true),
            (["m*"], "n", false), (["a", "qwen*"], "qwen3-8b", true), (["*"], "x", true), (["Qwen/*"], "qwen/x", false),
        ] as [([String], String, Bool)]
    )
    func scope(patterns: [String], model: String, allowed: Bool) throws {
        #expect(try ModelScope(patterns).allows(model) == allowed)
    }

    @Test("patterns that match nothing are refused", arguments: ["", "a b", "*a", "a*b", "**", "\"", "a**"])
    func badPattern(pattern: String) {
        let error = #expect(throws: SMMFError.self) { try ModelScope([pattern]) }
        #expect(error?.field == "models")
    }

    @Test("requests that make no sense are refused by field")
    func validation() {
        let now = Timestamp(milliseconds: 1000)
        func field(_ change: (inout KeyRequest) -> Void) -> String? {
            var request = KeyRequest(name: "app")
            change(&request)
            do throws(SMMFError) {
                try request.validate(at: now)
                return nil
            } catch { return error.field }
        }
        #expect(field { _ in } == nil)
        #expect(field { $0.name = "" } == "name")
        #expect(field { $0.name = "  " } == "name")
        #expect(field { $0.name = "a\u{1B}[31m" } == "name")
        #expect(field { $0.name = String(repeating: "a", count: 101) } == "name")
        #expect(field { $0.expires = now } == "expires")
        #expect(field { $0.limits.requestsPerMinute = 0 } == "limits.requestsPerMinute")
        #expect(field { $0.limits.tokensPerMinute = KeyLimits.greatest + 1 } == "limits.tokensPerMinute")
        #expect(field { $0.limits.concurrent = -1 } == "limits.concurrent")
        #expect(field { $0.limits.budget = TokenBudget(tokens: 0, period: .day) } == "limits.budget.tokens")
    }
}
