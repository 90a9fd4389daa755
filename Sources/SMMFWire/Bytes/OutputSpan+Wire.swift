// SPDX-License-Identifier: MIT

/// Writing into room that was made for the whole text at once, so that no piece asks for more. The room's size is a bound
/// that the writer works out first; a byte beyond it ends the process, so bounds are generous.
extension OutputSpan where Element == UInt8 {
    /// Appends a literal's bytes.
    @inline(__always)
    @inlinable
    public mutating func append(literal: StaticString) {
        copy(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// Appends the bytes of `span` in `range`.
    @inlinable
    public mutating func append(_ span: Span<UInt8>, _ range: Range<Int>) {
        span.extracting(range).withUnsafeBufferPointer { copy($0) }
    }

    /// Appends all of `bytes`.
    @inlinable
    public mutating func append(contentsOf bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { copy($0) }
    }

    /// Appends a text's bytes in UTF-8.
    @inlinable
    public mutating func append(text: String) {
        if text.utf8.withContiguousStorageIfAvailable({ copy($0) }) == nil {
            for byte in text.utf8 { append(byte) }
        }
    }

    /// Appends a number in decimal, at most 20 bytes.
    public mutating func append(decimal value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var start = 20
        var rest = value.magnitude
        repeat {
            start &-= 1
            digits[start] = ASCII.zero &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        append(digits.span, start..<20)
    }

    /// Appends the last `count` decimal digits of a number that is not negative, with leading zeros.
    public mutating func append(digits value: Int, count: Int) {
        var divisor = 1
        for _ in 1..<count { divisor *= 10 }
        while divisor > 0 {
            append(ASCII.zero &+ UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    /// Appends `text` as a JSON string with its quotes, at most six bytes for each of its own and two.
    public mutating func append(json text: String) {
        append(ASCII.quote)
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { bytes in
            let bytes = bytes.span
            var start = 0
            while start < bytes.count {
                let stop = bytes.firstStringStop(from: start, to: bytes.count)
                append(bytes, start..<stop)
                if stop < bytes.count { append(jsonEscapeOf: bytes[stop]) }
                start = stop + 1
            }
        }
        if isDone == nil { for byte in text.utf8 { append(jsonEscapeOf: byte) } }
        append(ASCII.quote)
    }

    /// Appends a byte as it stands inside a JSON string.
    private mutating func append(jsonEscapeOf byte: UInt8) {
        switch byte {
        case ASCII.quote: append(literal: "\\\"")
        case ASCII.backslash: append(literal: "\\\\")
        case ASCII.lineFeed: append(literal: "\\n")
        case ASCII.carriageReturn: append(literal: "\\r")
        case ASCII.tab: append(literal: "\\t")
        case 0..<0x20:
            append(literal: byte < 0x10 ? "\\u000" : "\\u001")
            let digit = byte & 0xF
            append(digit < 10 ? ASCII.zero &+ digit : UInt8(ascii: "a") &+ digit &- 10)
        default: append(byte)
        }
    }

    @inlinable
    mutating func copy(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        withUnsafeMutableBufferPointer { room, count in
            precondition(bytes.count <= room.count &- count, "a text is longer than the room that was made for it")
            if let target = room.baseAddress { (target + count).update(from: source, count: bytes.count) }
            count &+= bytes.count
        }
    }
}
