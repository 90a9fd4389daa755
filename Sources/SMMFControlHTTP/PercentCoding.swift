// SPDX-License-Identifier: MIT

/// Percent coding of one path segment or query value, so that a model name with a slash stays one segment.
public enum PercentCoding {
    /// Escapes everything but letters, digits and `-._~`.
    public static func encode(_ text: String) -> String {
        var coded = ""
        for byte in text.utf8 {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x2D || byte == 0x2E || byte == 0x5F || byte == 0x7E
            if isPlain {
                coded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                coded += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return coded
    }

    /// Undoes ``encode(_:)``; an escape that is none stays as it is.
    public static func decode(_ text: some StringProtocol) -> String {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            if source[index] == UInt8(ascii: "%"), index + 2 < source.count,
                let value = UInt8(String(decoding: source[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                index += 3
            } else {
                bytes.append(source[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
