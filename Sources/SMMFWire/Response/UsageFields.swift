// SPDX-License-Identifier: MIT

/// The numbers of one `usage` object under the names that upstreams give them, and what they mean together.
///
/// Known are the names of chat completions and of Responses, DeepSeek's and Moonshot's for the cache, Anthropic's where
/// they stand in answers of OpenAI's shape, and llama.cpp's `timings`.
struct UsageFields: Sendable {
    private var prompt: Int?
    private var completion: Int?
    private var total: Int?
    private var cached: Int?
    private var reasoning: Int?
    /// Anthropic's counters of the cache stand beside `input_tokens`, which leaves them out.
    private var cacheRead: Int?
    private var cacheWritten: Int?
    private var promptExcludesCache = false

    /// The members whose objects hold parts of the counters.
    private enum Part { case whole, prompt, completion }

    /// Reads the object at `start`; false when there is none, or one that is cut off.
    mutating func read(_ bytes: Span<UInt8>, at start: Int) -> Bool {
        var walker = JSONWalker(at: start, end: bytes.count, depthLimit: 8)
        do {
            guard try walker.peek(bytes) == ASCII.openBrace else { return false }
            try read(&walker, bytes, .whole)
            return true
        } catch { return false }
    }

    /// What the numbers say, or nil when none of them counts tokens.
    var usage: TokenUsage? {
        guard prompt != nil || completion != nil || total != nil else { return nil }
        let fromCache = cached ?? cacheRead ?? 0
        var prompt = prompt ?? max(0, (total ?? 0) - (completion ?? 0))
        if promptExcludesCache { prompt += (cacheRead ?? 0) + (cacheWritten ?? 0) }
        // Some leave the reasoning out of the completion but not out of the total.
        let completion = max(completion ?? 0, (total ?? 0) - prompt)
        return TokenUsage(
            prompt: prompt,
            completion: completion,
            cached: min(fromCache, prompt),
            cacheWritten: min(cacheWritten ?? 0, prompt),
            reasoning: min(reasoning ?? 0, completion)
        )
    }

    private mutating func read(_ walker: inout JSONWalker, _ bytes: Span<UInt8>, _ part: Part) throws(JSONProblem) {
        try walker.open(bytes)
        var isFirst = true
        while let key = try walker.nextKey(bytes, isFirst: &isFirst) {
            let next = try walker.peek(bytes)
            if ASCII.isDigit(next) {
                note(key.range, Self.whole(try walker.number(bytes), bytes), bytes, part)
            } else if next == ASCII.openBrace, part == .whole, let inner = Self.part(key.range, bytes) {
                try read(&walker, bytes, inner)
            } else {
                try walker.skipValue(bytes)
            }
        }
    }

    private static func part(_ key: Range<Int>, _ bytes: Span<UInt8>) -> Part? {
        if bytes.matches(key, "prompt_tokens_details") || bytes.matches(key, "input_tokens_details") { return .prompt }
        if bytes.matches(key, "completion_tokens_details") || bytes.matches(key, "output_tokens_details") {
            return .completion
        }
        return nil
    }

    private mutating func note(_ key: Range<Int>, _ value: Int, _ bytes: Span<UInt8>, _ part: Part) {
        switch part {
        case .prompt:
            if bytes.matches(key, "cached_tokens") {
                cached = value
            } else if bytes.matches(key, "cache_write_tokens") {
                cacheWritten = value
            }
        case .completion: if bytes.matches(key, "reasoning_tokens") { reasoning = value }
        case .whole: noteWhole(key, value, bytes)
        }
    }

    private mutating func noteWhole(_ key: Range<Int>, _ value: Int, _ bytes: Span<UInt8>) {
        if bytes.matches(key, "prompt_tokens") {
            prompt = value
            promptExcludesCache = false
        } else if bytes.matches(key, "input_tokens") {
            guard prompt == nil else { return }
            prompt = value
            promptExcludesCache = true
        } else if bytes.matches(key, "completion_tokens") || bytes.matches(key, "output_tokens") {
            completion = value
        } else if bytes.matches(key, "total_tokens") {
            total = value
        } else if bytes.matches(key, "cached_tokens") || bytes.matches(key, "prompt_cache_hit_tokens") {
            // The details say the same where both are there.
            cached = cached ?? value
        } else if bytes.matches(key, "cache_read_input_tokens") {
            cacheRead = value
        } else if bytes.matches(key, "cache_creation_input_tokens") {
            cacheWritten = value
        } else if bytes.matches(key, "reasoning_tokens") {
            reasoning = reasoning ?? value
        } else if bytes.matches(key, "prompt_n") {
            prompt = value
            promptExcludesCache = true
        } else if bytes.matches(key, "cache_n") {
            cacheRead = value
        } else if bytes.matches(key, "predicted_n") {
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
