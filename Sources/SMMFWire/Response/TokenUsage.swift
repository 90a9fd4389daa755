// SPDX-License-Identifier: MIT

/// What an upstream says a request cost, in tokens.
public struct TokenUsage: Sendable, Hashable {
    public var prompt: Int
    public var completion: Int
    /// The part of `prompt` that came from the upstream's cache.
    public var cached: Int

    /// Creates a record.
    public init(prompt: Int = 0, completion: Int = 0, cached: Int = 0) {
        self.prompt = prompt
        self.completion = completion
        self.cached = cached
    }

    /// Reads a `usage` object in OpenAI's form, with the names of chat completions and of Responses.
    ///
    /// Returns nil when the value at the walker is no object or is cut off.
    init?(_ bytes: Span<UInt8>, at start: Int) {
        self.init()
        var walker = JSONWalker(at: start, end: bytes.count, depthLimit: 8)
        do {
            guard try walker.peek(bytes) == ASCII.openBrace else { return nil }
            try read(&walker, bytes, inDetails: false)
        } catch { return nil }
    }

    private mutating func read(_ walker: inout JSONWalker, _ bytes: Span<UInt8>, inDetails: Bool) throws(JSONProblem) {
        try walker.open(bytes)
        var isFirst = true
        while let key = try walker.nextKey(bytes, isFirst: &isFirst) {
            let next = try walker.peek(bytes)
            if ASCII.isDigit(next) {
                let value = Self.whole(try walker.number(bytes), bytes)
                note(key, value, bytes, inDetails: inDetails)
            } else if next == ASCII.openBrace, !inDetails, Self.isDetails(key, bytes) {
                try read(&walker, bytes, inDetails: true)
            } else {
                try walker.skipValue(bytes)
            }
        }
    }

    private static func isDetails(_ key: JSONText, _ bytes: Span<UInt8>) -> Bool {
        bytes.matches(key.range, "prompt_tokens_details") || bytes.matches(key.range, "input_tokens_details")
    }

    private mutating func note(_ key: JSONText, _ value: Int, _ bytes: Span<UInt8>, inDetails: Bool) {
        if inDetails {
            if bytes.matches(key.range, "cached_tokens") { cached = value }
        } else if bytes.matches(key.range, "prompt_tokens") || bytes.matches(key.range, "input_tokens") {
            prompt = value
        } else if bytes.matches(key.range, "completion_tokens") || bytes.matches(key.range, "output_tokens") {
            completion = value
        }
    }

    /// The whole part of a number; nonsense beyond a trillion is cut.
    private static func whole(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Int {
        var value = 0
        for index in range {
            guard ASCII.isDigit(bytes[index]), value < 1_000_000_000_000 else { break }
            value = value * 10 + Int(bytes[index] - ASCII.zero)
        }
        return value
    }
}
