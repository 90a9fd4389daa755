// SPDX-License-Identifier: MIT

/// Base64 with the usual alphabet and padding (RFC 4648 section 4), on bytes.
enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
        var index = 0
        while index + 2 < bytes.count {
            append(bytes[index], bytes[index + 1], bytes[index + 2], count: 4, to: &output)
            index += 3
        }
        switch bytes.count - index {
        case 1: append(bytes[index], 0, 0, count: 2, to: &output)
        case 2: append(bytes[index], bytes[index + 1], 0, count: 3, to: &output)
        default: break
        }
    }

    private static func append(_ a: UInt8, _ b: UInt8, _ c: UInt8, count: Int, to output: inout [UInt8]) {
        let group = UInt32(a) << 16 | UInt32(b) << 8 | UInt32(c)
        for place in 0..<4 {
            output.append(place < count ? letters[Int(group >> UInt32(18 - 6 * place)) & 63] : UInt8(ascii: "="))
        }
    }

    /// The bytes that a text stands for; nil where it is no Base64.
    static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(range.count / 4 * 3)
        var group: UInt32 = 0
        var bits = 0
        for index in range {
            let byte = bytes[index]
            if byte == UInt8(ascii: "=") { break }
            guard let value = value(byte) else { return nil }
            group = group << 6 | UInt32(value)
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            output.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
        }
        return output
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
