// SPDX-License-Identifier: MIT

public import SMMFWire

/// What a provider asks for a model's tokens.
public struct ModelPrice: Sendable, Hashable {
    /// What changes for requests whose input is long.
    public struct LongPrompt: Sendable, Hashable {
        /// Tokens of input, the cached ones included, that are still priced as usual.
        public var above: Int
        /// How many times the usual price all of the input costs then.
        public var input: Double
        /// The same of output.
        public var output: Double

        /// Creates a change.
        public init(above: Int, input: Double, output: Double) {
            self.above = above
            self.input = input
            self.output = output
        }
    }

    public var provider: String
    /// The model's name, which also stands for its dated versions and its latest one. With a star at its end it is the
    /// beginning of names; the longest that fits counts.
    public var model: String
    /// Dollars for a million tokens of input.
    public var input: Double
    /// The same of output; nothing for embeddings.
    public var output: Double
    /// The same of input that the provider's cache gave; `input` where nil.
    public var cached: Double?
    /// The same of input that was put into the cache; `input` where nil.
    public var cacheWritten: Double?
    public var longPrompt: LongPrompt?
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
        longPrompt: LongPrompt? = nil,
        asOf: String
    ) {
        self.provider = provider
        self.model = model
        self.input = input
        self.output = output
        self.cached = cached
        self.cacheWritten = cacheWritten
        self.longPrompt = longPrompt
        self.asOf = asOf
    }

    /// What was spent, in dollars.
    public func cost(of usage: TokenUsage) -> Double {
        let plain = max(usage.prompt - usage.cached - usage.cacheWritten, 0)
        let input =
            Double(plain) * self.input + Double(usage.cached) * (cached ?? self.input)
            + Double(usage.cacheWritten) * (cacheWritten ?? self.input)
        let output = Double(usage.completion) * output
        guard let longPrompt, usage.prompt > longPrompt.above else { return (input + output) / 1_000_000 }
        return (input * longPrompt.input + output * longPrompt.output) / 1_000_000
    }

    /// Whether it is for the model with this name.
    public func covers(_ name: String) -> Bool {
        if model.hasSuffix("*") { return name.hasPrefix(model.dropLast()) }
        guard name.hasPrefix(model) else { return false }
        let rest = name.dropFirst(model.count)
        if rest.isEmpty || rest == "-latest" { return true }
        // `-2024-07-18`, `-20250929` and `@20250929` are dates; `-5` is another model.
        guard rest.first == "-" || rest.first == "@" else { return false }
        let digits = rest.dropFirst().filter { $0 != "-" }
        return digits.count == 8 && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
