// SPDX-License-Identifier: MIT

public import SMMFWire

/// What a provider asks for a model's tokens.
public struct ModelPrice: Sendable, Hashable {
    public var provider: String
    /// The beginning of the names that it is for; the longest that fits counts.
    public var model: String
    /// Dollars for a million tokens of input.
    public var input: Double
    /// The same of output; nothing for embeddings.
    public var output: Double
    /// The same of input that the provider's cache gave; `input` where nil.
    public var cached: Double?
    /// The same of input that was put into the cache; `input` where nil.
    public var cacheWritten: Double?
    /// The month in which the price was looked up.
    public var asOf: String

    /// Creates a price.
    public init(
        provider: String,
        model: String,
        input: Double,
        output: Double,
        cached: Double? = nil,
        cacheWritten: Double? = nil,
        asOf: String
    ) {
        self.provider = provider
        self.model = model
        self.input = input
        self.output = output
        self.cached = cached
        self.cacheWritten = cacheWritten
        self.asOf = asOf
    }

    /// What was spent, in dollars.
    public func cost(of usage: TokenUsage) -> Double {
        let plain = max(usage.prompt - usage.cached - usage.cacheWritten, 0)
        let input =
            Double(plain) * self.input + Double(usage.cached) * (cached ?? self.input)
            + Double(usage.cacheWritten) * (cacheWritten ?? self.input)
        return (input + Double(usage.completion) * output) / 1_000_000
    }
}
