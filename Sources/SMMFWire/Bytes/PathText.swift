// SPDX-License-Identifier: MIT

/// Text in addresses (RFC 3986 section 2).
public enum PathText {
    /// `text` with everything escaped but unreserved characters, and those of `also`; bytes that are no such character
    /// become `%XX`.
    public static func escaped(_ text: String, also: String = "") -> String {
        var output: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) || also.utf8.contains(byte) {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "%"))
                output.append(digit(byte >> 4))
                output.append(digit(byte & 15))
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z") || ASCII.isDigit(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "~")
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? ASCII.zero + value : UInt8(ascii: "A") + value - 10
    }
}
