// SPDX-License-Identifier: MIT

/// Appending without temporaries: writers fill one scratch array that its owner empties and uses again.
extension [UInt8] {
    /// Appends a literal's bytes.
    public mutating func append(literal: StaticString) {
        literal.withUTF8Buffer { append(contentsOf: $0) }
    }

    /// Appends the bytes of `span` in `range`.
    public mutating func append(_ span: Span<UInt8>, _ range: Range<Int>) {
        span.extracting(range).withUnsafeBufferPointer { append(contentsOf: $0) }
    }

    /// Appends a number in decimal.
    public mutating func append(decimal value: Int) {
        append(addingCapacity: 20) { $0.append(decimal: value) }
    }

    /// Appends `text` as a JSON string with its quotes.
    public mutating func append(json text: String) {
        append(addingCapacity: 6 * text.utf8.count + 2) { $0.append(json: text) }
    }

    /// Appends a number in lower-case hexadecimal without leading zeros, as chunk sizes are written.
    public mutating func append(hexadecimal value: Int) {
        var shift = 60
        while shift > 0, UInt(bitPattern: value) >> UInt(shift) == 0 { shift -= 4 }
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: UInt(bitPattern: value) >> UInt(shift) & 0xF)
            append(digit < 10 ? ASCII.zero &+ digit : UInt8(ascii: "a") &+ digit &- 10)
            shift -= 4
        }
    }

    /// Appends a header line with a fixed name.
    mutating func append(field name: StaticString, _ value: some Collection<UInt8>) {
        append(literal: name)
        append(literal: ": ")
        append(contentsOf: value)
        append(literal: "\r\n")
    }
}
