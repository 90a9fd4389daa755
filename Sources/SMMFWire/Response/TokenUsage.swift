// SPDX-License-Identifier: MIT

/// What an upstream says a request cost, in tokens, in one form for all of them.
public struct TokenUsage: Sendable, Hashable {
    /// Tokens read, those from a cache included.
    public var prompt: Int
    /// Tokens generated, those of the reasoning included.
    public var completion: Int
    /// The part of `prompt` that came from the upstream's cache.
    public var cached: Int
    /// The part of `prompt` that the upstream put into its cache, where it counts that.
    public var cacheWritten: Int
    /// The part of `completion` that the model thought and did not say.
    public var reasoning: Int

    /// Creates a record.
    public init(prompt: Int = 0, completion: Int = 0, cached: Int = 0, cacheWritten: Int = 0, reasoning: Int = 0) {
        self.prompt = prompt
        self.completion = completion
        self.cached = cached
        self.cacheWritten = cacheWritten
        self.reasoning = reasoning
    }

    /// Adds the numbers of another record.
    public mutating func add(_ other: TokenUsage) {
        prompt += other.prompt
        completion += other.completion
        cached += other.cached
        cacheWritten += other.cacheWritten
        reasoning += other.reasoning
    }

    /// Reads a `usage` object in any of the forms that ``UsageFields`` knows.
    ///
    /// Returns nil when the value at the walker is no object, is cut off, or says nothing about tokens.
    init?(_ bytes: Span<UInt8>, at start: Int) {
        var fields = UsageFields()
        guard fields.read(bytes, at: start), let usage = fields.usage else { return nil }
        self = usage
    }
}
