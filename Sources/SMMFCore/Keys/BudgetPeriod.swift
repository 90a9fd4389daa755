// SPDX-License-Identifier: MIT

/// The time that a token budget is for. Days and months are those of UTC, the same for every machine.
public enum BudgetPeriod: String, Sendable, Hashable, Codable, CaseIterable {
    case day, month
    /// The key's whole life.
    case total

    /// Milliseconds in a day; UTC has no leap seconds in this count.
    private static let dayLength: Int64 = 86_400_000

    /// The number of a moment's day, counted from 1970.
    public static func day(of moment: Timestamp) -> Int {
        let (quotient, remainder) = moment.milliseconds.quotientAndRemainder(dividingBy: dayLength)
        return Int(remainder < 0 ? quotient - 1 : quotient)
    }

    /// The number of the month that a day falls into, counted from January of the year 0.
    static func month(ofDay day: Int) -> Int {
        let (year, month, _) = civil(day)
        return year * 12 + month - 1
    }

    /// When the period that `moment` falls into is over, and the budget is whole again; nil for `total`.
    public func end(after moment: Timestamp) -> Timestamp? {
        let day = Self.day(of: moment)
        let next: Int
        switch self {
        case .day: next = day + 1
        case .month:
            let (year, month, _) = Self.civil(day)
            next = month == 12 ? Self.day(year + 1, 1, 1) : Self.day(year, month + 1, 1)
        case .total: return nil
        }
        return Timestamp(milliseconds: Int64(next) * Self.dayLength)
    }

    /// The date of a day. Years are counted from March here, so that the leap day stands at the end of one.
    private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * ofYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, ofYear - (153 * fromMarch + 2) / 5 + 1)
    }

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let fromMarch = month > 2 ? month - 3 : month + 9
        let ofYear = (153 * fromMarch + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
    }
}
