// SPDX-License-Identifier: MIT

/// A date of the calendar in UTC.
struct CivilDate: Sendable, Hashable {
    let year: Int
    let month: Int
    let day: Int

    /// No moment lies further away from 1970, in days; a number from a peer that does counts as this one.
    private static let farthest = 1 << 40

    /// The date of a day counted from 1970. Years are counted from March here, so that the leap day stands at the end.
    init(dayNumber counted: Int) {
        let dayNumber = min(max(counted, -Self.farthest), Self.farthest)
        let shifted = dayNumber + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * ofYear + 2) / 153
        month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = ofYear - (153 * fromMarch + 2) / 5 + 1
    }

    /// The first of a month, with its months counted on over the year's end.
    init(year: Int, month: Int) {
        self.year = year + (month - 1) / 12
        self.month = (month - 1) % 12 + 1
        day = 1
    }

    /// The day counted from 1970.
    var dayNumber: Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let fromMarch = month > 2 ? month - 3 : month + 9
        let ofYear = (153 * fromMarch + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
    }
}
