// SPDX-License-Identifier: MIT

/// Base64 with the standard alphabet and padding (RFC 4648 section 4), and its URL form without padding (section 5).
public enum Base64 {
    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let safe = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The text for `bytes`.
    public static func text(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        append(bytes, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends the text for `bytes`.
    static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
        encode(bytes, standard, padded: true, to: &output)
    }

    /// The text for `bytes` with the characters that may stand in an address, without padding.
    public static func urlText(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        encode(bytes, safe, padded: false, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private static func encode(_ bytes: [UInt8], _ alphabet: [UInt8], padded: Bool, to output: inout [UInt8]) {
        output.reserveCapacity(output.count + (bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
            for place in 0...count { output.append(alphabet[Int(group >> UInt32(18 - 6 * place) & 63)]) }
            if padded { output.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - count)) }
        }
    }

    /// The bytes of `text`, which may lack its padding; nil when it is no base64 in the standard alphabet.
    public static func bytes(_ text: String) -> [UInt8]? {
        let text = Array(text.utf8)
        return decode(text.span, 0..<text.count)
    }

    /// The bytes that the text in `range` stands for; nil when it is no base64 in the standard alphabet.
    static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(range.count / 4 * 3)
        var group: UInt32 = 0
        var digits = 0
        var padding = 0
        for index in range {
            let byte = bytes[index]
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let digit = value(byte) else { return nil }
            group = group << 6 | UInt32(digit)
            digits += 1
            if digits % 4 == 0 { append(group, 3, &output) }
        }
        let rest = digits % 4
        guard rest != 1, padding == 0 || padding == 4 - rest && rest > 0 else { return nil }
        if rest > 0 { append(group << UInt32(6 * (4 - rest)), rest - 1, &output) }
        return output
    }

    private static func append(_ group: UInt32, _ count: Int, _ output: inout [UInt8]) {
        for place in 0..<count { output.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * place))) }
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case ASCII.zero...ASCII.nine: byte - ASCII.zero + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
