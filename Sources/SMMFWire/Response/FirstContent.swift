// SPDX-License-Identifier: MIT

/// Tells whether a stream has said anything yet: its first event often has nothing but a role.
enum FirstContent {
    /// A stream in which nothing is recognised counts as begun after so many events.
    static let eventLimit = 4

    /// Whether `bytes`, the beginning of a stream or the last of it, have content, reasoning or a call of a tool.
    ///
    /// Quotes inside a JSON string are escaped, so text cannot be taken for a member.
    static func isIn(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while let quote = bytes.firstIndex(of: ASCII.quote, from: index, to: bytes.count) {
            index = quote + 1
            let rest = index..<bytes.count
            for name: StaticString in ["content\"", "text\"", "reasoning_content\"", "reasoning\"", "refusal\""]
            where bytes.begins(rest, with: name) {
                if isFilled(bytes, behind: index + name.utf8CodeUnitCount, opening: ASCII.quote) { return true }
            }
            if bytes.begins(rest, with: "tool_calls\""), isFilled(bytes, behind: index + 11, opening: ASCII.openBracket)
            {
                return true
            }
        }
        return false
    }

    /// Whether a colon and a string or list with something in it follow.
    private static func isFilled(_ bytes: Span<UInt8>, behind key: Int, opening: UInt8) -> Bool {
        var index = key
        for wanted in [ASCII.colon, opening] {
            while index < bytes.count, bytes[index] == ASCII.space { index += 1 }
            guard index < bytes.count, bytes[index] == wanted else { return false }
            index += 1
        }
        guard index < bytes.count else { return false }
        return bytes[index] != ASCII.quote && bytes[index] != ASCII.closeBracket
    }
}
