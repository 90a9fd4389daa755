// SPDX-License-Identifier: MIT

/// Host and port as `Host` and an absolute target carry them (RFC 9110 section 7.2).
enum Authority {
    /// Whether the bytes in `range` are a host with or without a port. Nothing at all is one too: a client without a
    /// host says so. A list, a user name or a path is none.
    static func isValid(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard !range.isEmpty else { return true }
        var index = range.lowerBound
        if bytes[index] == ASCII.openBracket {
            guard let end = bytes.firstIndex(of: ASCII.closeBracket, from: index, to: range.upperBound) else {
                return false
            }
            for place in (index + 1)..<end where !isHost(bytes[place]) && bytes[place] != ASCII.colon { return false }
            guard end > index + 1 else { return false }
            index = end + 1
        } else {
            while index < range.upperBound, isHost(bytes[index]) { index += 1 }
            guard index > range.lowerBound else { return false }
        }
        guard index < range.upperBound else { return true }
        guard bytes[index] == ASCII.colon else { return false }
        for place in (index + 1)..<range.upperBound where !ASCII.isDigit(bytes[place]) { return false }
        return true
    }

    /// Whether two valid ones are the same; a missing port is the scheme's own.
    static func areSame(_ left: Range<Int>, _ right: Range<Int>, isSecure: Bool, in bytes: Span<UInt8>) -> Bool {
        let left = withoutOwnPort(left, isSecure, bytes)
        let right = withoutOwnPort(right, isSecure, bytes)
        guard left.count == right.count else { return false }
        for offset in 0..<left.count
        where ASCII.lowercased(bytes[left.lowerBound + offset]) != ASCII.lowercased(bytes[right.lowerBound + offset]) {
            return false
        }
        return true
    }

    private static func withoutOwnPort(_ range: Range<Int>, _ isSecure: Bool, _ bytes: Span<UInt8>) -> Range<Int> {
        var colon = range.upperBound
        while colon > range.lowerBound, ASCII.isDigit(bytes[colon - 1]) { colon -= 1 }
        guard colon > range.lowerBound, bytes[colon - 1] == ASCII.colon else { return range }
        let port = colon..<range.upperBound
        let isOwn = port.isEmpty || bytes.matches(port, isSecure ? "443" : "80")
        return isOwn ? range.lowerBound..<(colon - 1) : range
    }

    /// Letters, digits and what else stands in names and addresses; no comma, which would make a list.
    private static func isHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "#"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"): false
        case UInt8(ascii: "("), UInt8(ascii: ")"), ASCII.semicolon, UInt8(ascii: "="): true
        default: ASCII.isToken(byte)
        }
    }
}
