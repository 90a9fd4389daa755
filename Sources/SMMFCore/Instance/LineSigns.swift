// SPDX-License-Identifier: MIT

/// What a line of output shows of how far something has come: its kind, which is the line without its numbers, and the
/// amounts in it that can grow.
struct LineSigns: Sendable, Hashable {
    /// A hash of the line's text without numbers; progress bars count as one sign.
    private(set) var kind: UInt64 = 0xcbf2_9ce4_8422_2325
    /// Percentages and counts as fractions from 0 to 1, and sizes in bytes; at most ``amountLimit``, in their order.
    private(set) var amounts: [Double] = []

    /// Bytes of a line that are looked at.
    private static let lengthLimit = 512
    private static let amountLimit = 4

    init(_ line: String) {
        var bytes = line.utf8.prefix(Self.lengthLimit)[...]
        var last: UInt8 = 0
        while let byte = bytes.first {
            if Self.isDigit(byte) {
                note(UInt8(ascii: "#"), after: &last)
                let number = Self.number(&bytes)
                guard amounts.count < Self.amountLimit, let amount = Self.amount(number, &bytes) else { continue }
                amounts.append(amount)
            } else {
                bytes.removeFirst()
                note(byte < 0x80 ? byte : UInt8(ascii: "~"), after: &last)
            }
        }
    }

    /// Adds a byte to the kind; a run of signs counts once, as the bar of a progress bar does.
    private mutating func note(_ byte: UInt8, after last: inout UInt8) {
        defer { last = byte }
        guard byte != last || Self.isLetter(byte) else { return }
        kind = (kind ^ UInt64(byte)) &* 0x100_0000_01b3
    }

    private typealias Bytes = Substring.UTF8View.SubSequence

    /// Takes a number from the front.
    private static func number(_ bytes: inout Bytes) -> Double {
        let digits = bytes.prefix { isDigit($0) }
        var rest = bytes[digits.endIndex...]
        var text = String(decoding: digits, as: UTF8.self)
        if rest.first == UInt8(ascii: "."), rest.dropFirst().first.map(isDigit) == true {
            let decimals = rest.dropFirst().prefix { isDigit($0) }
            text += "." + String(decoding: decimals, as: UTF8.self)
            rest = rest[decimals.endIndex...]
        }
        bytes = rest
        return Double(text) ?? 0
    }

    /// What a number says together with what follows; takes that only where it is an amount.
    private static func amount(_ number: Double, _ bytes: inout Bytes) -> Double? {
        var rest = bytes
        if take(" %", &rest) || take("%", &rest) {
            bytes = rest
            return number <= 100 ? number / 100 : nil
        }
        let unit = unit(&rest)
        let afterUnit = rest
        if take("/", &rest) || take(" of ", &rest) || take("-of-", &rest) || take(" / ", &rest) {
            guard rest.first.map(isDigit) == true else { return nil }
            let whole = self.number(&rest) * (self.unit(&rest) ?? unit ?? 1)
            bytes = rest
            // Three numbers with strokes between them are a date.
            if rest.first == UInt8(ascii: "/") { return nil }
            let part = number * (unit ?? 1)
            return whole > 0 && part <= whole ? part / whole : nil
        }
        guard let unit, afterUnit.first != UInt8(ascii: "/") else { return nil }
        bytes = afterUnit
        // Less than two bytes would look like a fraction.
        return max(2, number * unit)
    }

    /// Takes a unit of memory, as in `1.2G`, `34 MB` and `5 GiB`; minutes and times have none.
    private static func unit(_ bytes: inout Bytes) -> Double? {
        var rest = bytes
        _ = take(" ", &rest)
        guard let letter = rest.first, let power = "KMGT".utf8.firstIndex(of: letter & 0xdf) else { return nil }
        rest.removeFirst()
        let isLarge = letter & 0x20 == 0
        _ = take("i", &rest)
        let hasByte = take("B", &rest) || take("b", &rest)
        guard isLarge || hasByte, rest.first.map({ isLetter($0) || isDigit($0) }) != true else { return nil }
        bytes = rest
        let exponent = "KMGT".utf8.distance(from: "KMGT".utf8.startIndex, to: power) + 1
        return (0..<exponent).reduce(1) { size, _ in size * 1024 }
    }

    private static func take(_ text: String, _ bytes: inout Bytes) -> Bool {
        guard bytes.starts(with: text.utf8) else { return false }
        bytes = bytes.dropFirst(text.utf8.count)
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
