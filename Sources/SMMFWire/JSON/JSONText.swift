// SPDX-License-Identifier: MIT

/// A string of a JSON document, as the place between its quotes.
public struct JSONText: Sendable, Hashable {
    /// The bytes between the quotes, as they stand.
    public let range: Range<Int>
    /// Whether any of them are escapes.
    public let isEscaped: Bool

    /// The place with its quotes.
    public var quoted: Range<Int> { (range.lowerBound - 1)..<(range.upperBound + 1) }

    /// The string's value; escapes are decoded, and a lone surrogate becomes U+FFFD.
    public func decoded(in bytes: Span<UInt8>) -> String {
        guard isEscaped else { return bytes.text(range) }
        var output: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == ASCII.backslash {
                Self.append(scalarOf: bytes, at: &index, end: range.upperBound, to: &output)
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func append(scalarOf bytes: Span<UInt8>, at index: inout Int, end: Int, to output: inout [UInt8]) {
        let letter = bytes[index + 1]
        guard letter == UInt8(ascii: "u") else {
            output.append(plain(letter))
            index += 2
            return
        }
        var value = unit(bytes, at: index + 2)
        index += 6
        if value & 0xFC00 == 0xD800, index + 6 <= end, bytes[index] == ASCII.backslash,
            bytes[index + 1] == UInt8(ascii: "u")
        {
            let low = unit(bytes, at: index + 2)
            if low & 0xFC00 == 0xDC00 {
                value = 0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF)
                index += 6
            }
        }
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        output.append(contentsOf: String(scalar).utf8)
    }

    private static func plain(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    private static func unit(_ bytes: Span<UInt8>, at start: Int) -> UInt32 {
        (start..<(start + 4)).reduce(0) { $0 << 4 | UInt32(ASCII.hexValue(bytes[$1]) ?? 0) }
    }
}
