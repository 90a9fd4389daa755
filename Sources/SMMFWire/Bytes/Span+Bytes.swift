// SPDX-License-Identifier: MIT

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension Span where Element == UInt8 {
    private static var ones: UInt64 { 0x0101_0101_0101_0101 }
    private static var highs: UInt64 { 0x8080_8080_8080_8080 }

    /// The first place of `byte` in `start..<end`.
    func firstIndex(of byte: UInt8, from start: Int, to end: Int) -> Int? {
        precondition(start >= 0 && end <= count)
        guard start < end else { return nil }
        // The C library looks at 32 bytes at a time.
        return withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, let found = memchr(base + start, Int32(byte), end &- start) else {
                return nil
            }
            return UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    /// The first byte in `start..<end` that ends a run of plain JSON string bytes: a quote, a backslash or a control.
    func firstStringStop(from start: Int, to end: Int) -> Int {
        let quotes = Self.ones &* UInt64(ASCII.quote)
        let slashes = Self.ones &* UInt64(ASCII.backslash)
        let raw = bytes
        var index = start
        while index &+ 8 <= end {
            let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quote = word ^ quotes
            let slash = word ^ slashes
            let stops =
                (((quote &- Self.ones) & ~quote) | ((slash &- Self.ones) & ~slash)
                    | ((word &- Self.ones &* 0x20) & ~word)) & Self.highs
            if stops != 0 { return index &+ stops.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < end {
            let byte = self[index]
            if byte == ASCII.quote || byte == ASCII.backslash || byte < 0x20 { return index }
            index &+= 1
        }
        return end
    }

    /// Whether all bytes in `start..<end` may stand in a field value, eight at a time.
    func areFieldValue(from start: Int, to end: Int) -> Bool {
        let deletes = Self.ones &* 0x7F
        let raw = bytes
        var index = start
        while index &+ 8 <= end {
            let word = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let delete = word ^ deletes
            let stops = (((word &- Self.ones &* 0x20) & ~word) | ((delete &- Self.ones) & ~delete)) & Self.highs
            if stops != 0 {
                // A tab, or what follows from one by a borrow, is looked at more closely.
                for place in index..<(index &+ 8) where !ASCII.isFieldValue(self[place]) { return false }
            }
            index &+= 8
        }
        while index < end {
            if !ASCII.isFieldValue(self[index]) { return false }
            index &+= 1
        }
        return true
    }

    /// Whether the bytes in `range` are exactly `text`.
    func matches(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { wanted in
            for offset in 0..<wanted.count where self[range.lowerBound &+ offset] != wanted[offset] { return false }
            return true
        }
    }

    /// Whether the bytes in `range` are `text`, whatever their case; `text` is in lower case.
    func matchesIgnoringCase(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { wanted in
            for offset in 0..<wanted.count
            where ASCII.lowercased(self[range.lowerBound &+ offset]) != wanted[offset] { return false }
            return true
        }
    }

    /// Whether the bytes in `range` begin with `text`.
    func begins(_ range: Range<Int>, with text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        return range.count >= length && matches(range.lowerBound..<(range.lowerBound + length), text)
    }

    /// The last place before `end` where `text` begins.
    func lastIndex(of text: StaticString, before end: Int) -> Int? {
        text.withUTF8Buffer { wanted in
            guard let first = wanted.first else { return nil }
            var start = end &- wanted.count
            while start >= 0 {
                if self[start] == first, matches(start..<(start &+ wanted.count), text) { return start }
                start &-= 1
            }
            return nil
        }
    }

    /// `range` without spaces and tabs at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, self[start] == ASCII.space || self[start] == ASCII.tab { start += 1 }
        while end > start, self[end - 1] == ASCII.space || self[end - 1] == ASCII.tab { end -= 1 }
        return start..<end
    }

    /// The bytes in `range` as text; bytes that are no UTF-8 become replacement characters.
    public func text(_ range: Range<Int>) -> String {
        extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
