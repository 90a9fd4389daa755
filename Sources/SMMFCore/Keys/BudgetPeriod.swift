// SPDX-License-Identifier: MIT

/// The time that a token budget is for. Days and months are those of UTC, the same for every machine.
public enum BudgetPeriod: String, Sendable, Hashable, Codable, CaseIterable {
    case day, month
    /// The key's whole life.
    case total

    /// The number of a moment's day, counted from 1970.
    public static func day(of moment: Timestamp) -> Int { moment.day }

    /// The number of the month that a day falls into, counted from January of the year 0.
    static func month(ofDay day: Int) -> Int {
        let date = CivilDate(dayNumber: day)
        return date.year * 12 + date.month - 1
    }

    /// Whether two days, counted from 1970, fall into the same period.
    public func holds(_ day: Int, with other: Int) -> Bool {
        switch self {
        case .day: day == other
        case .month: Self.month(ofDay: day) == Self.month(ofDay: other)
        case .total: true
        }
    }

    /// When the period that `moment` falls into is over, and the budget is whole again; nil for `total`.
    public func end(after moment: Timestamp) -> Timestamp? {
        switch self {
        case .day: return Timestamp(day: moment.day + 1)
        case .month:
            let date = CivilDate(dayNumber: moment.day)
            return Timestamp(day: CivilDate(year: date.year, month: date.month + 1).dayNumber)
        case .total: return nil
        }
    }
}
