// SPDX-License-Identifier: MIT

/// Tells an error that an upstream hides behind status 200 from an answer.
enum ErrorSniffer {
    /// Whether the JSON object in `range`, which may be cut off at its end, is an error: it has a member `error` that
    /// is not null, or is of the kind `"object": "error"` that older vLLM versions send. With `codes` a code that is not
    /// zero is one as well, as some providers have it.
    static func isError(_ bytes: Span<UInt8>, _ range: Range<Int>, codes: Bool = false) -> Bool {
        var walker = JSONWalker(at: range.lowerBound, end: range.upperBound, depthLimit: 64)
        do {
            guard try walker.peek(bytes) == ASCII.openBrace else { return false }
            try walker.open(bytes)
            var isFirst = true
            while let key = try walker.nextKey(bytes, isFirst: &isFirst) {
                let next = try walker.peek(bytes)
                if bytes.matches(key.range, "error") { return next != UInt8(ascii: "n") }
                if bytes.matches(key.range, "object"), next == ASCII.quote {
                    if bytes.matches(try walker.string(bytes).range, "error") { return true }
                } else if codes, isCode(key, bytes) {
                    if try isFailure(&walker, bytes) { return true }
                } else {
                    try walker.skipValue(bytes)
                }
            }
        } catch {}
        return false
    }

    private static func isCode(_ key: JSONText, _ bytes: Span<UInt8>) -> Bool {
        bytes.matches(key.range, "code") || bytes.matches(key.range, "error_code")
            || bytes.matches(key.range, "base_resp")
    }

    /// Whether a code, or the `status_code` of an object, is a number that is not zero.
    private static func isFailure(_ walker: inout JSONWalker, _ bytes: Span<UInt8>) throws -> Bool {
        let first = try walker.peek(bytes)
        if ASCII.isDigit(first) || first == UInt8(ascii: "-") {
            let number = try walker.number(bytes)
            return number.count != 1 || bytes[number.lowerBound] != ASCII.zero
        }
        guard first == ASCII.openBrace else {
            try walker.skipValue(bytes)
            return false
        }
        try walker.open(bytes)
        var isFirst = true
        var failed = false
        while let key = try walker.nextKey(bytes, isFirst: &isFirst) {
            if bytes.matches(key.range, "status_code"), ASCII.isDigit(try walker.peek(bytes)) {
                let number = try walker.number(bytes)
                failed = number.count != 1 || bytes[number.lowerBound] != ASCII.zero
            } else {
                try walker.skipValue(bytes)
            }
        }
        return failed
    }
}
