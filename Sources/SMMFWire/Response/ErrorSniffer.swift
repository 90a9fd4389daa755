// SPDX-License-Identifier: MIT

/// Tells an error that an upstream hides behind status 200 from an answer.
enum ErrorSniffer {
    /// Whether the JSON object in `range`, which may be cut off at its end, is an error: it has a member `error` that
    /// is not null, or is of the kind `"object": "error"` that older vLLM versions send.
    static func isError(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
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
                } else {
                    try walker.skipValue(bytes)
                }
            }
        } catch {}
        return false
    }
}
