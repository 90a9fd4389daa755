// SPDX-License-Identifier: MIT

extension PriceTable {
    /// Dollars for a million tokens of input, of output and of input from the cache, as lists had them in the month that
    /// stands beside them.
    public static let bundled: [ModelPrice] =
        prices(
            "openai",
            "2025-10",
            [
                ("gpt-5", 1.25, 10, 0.125), ("gpt-5-mini", 0.25, 2, 0.025), ("gpt-5-nano", 0.05, 0.4, 0.005),
                ("gpt-4.1", 2, 8, 0.5), ("gpt-4.1-mini", 0.4, 1.6, 0.1), ("gpt-4.1-nano", 0.1, 0.4, 0.025),
                ("gpt-4o", 2.5, 10, 1.25), ("gpt-4o-mini", 0.15, 0.6, 0.075), ("o3", 2, 8, 0.5),
                ("o4-mini", 1.1, 4.4, 0.275),
                ("text-embedding-3-small", 0.02, 0, nil), ("text-embedding-3-large", 0.13, 0, nil),
            ]
        )
        + anthropic
        + prices(
            "gemini",
            "2025-10",
            [
                ("gemini-2.5-pro", 1.25, 10, 0.125), ("gemini-2.5-flash", 0.3, 2.5, 0.03),
                ("gemini-2.5-flash-lite", 0.1, 0.4, 0.01), ("gemini-embedding-001", 0.15, 0, nil),
            ]
        )
        + prices(
            "deepseek",
            "2025-10",
            [("deepseek-chat", 0.28, 0.42, 0.028), ("deepseek-reasoner", 0.28, 0.42, 0.028)]
        )
        + prices("mistral", "2025-10", [("mistral-large", 2, 6, nil), ("mistral-small", 0.1, 0.3, nil)])

    /// What is put into Anthropic's cache costs a quarter more than other input.
    private static let anthropic: [ModelPrice] = prices(
        "anthropic",
        "2025-10",
        [
            ("claude-opus-4", 15, 75, 1.5), ("claude-sonnet-4", 3, 15, 0.3), ("claude-haiku-4-5", 1, 5, 0.1),
            ("claude-3-5-haiku", 0.8, 4, 0.08),
        ]
    ).map { price in
        var price = price
        price.cacheWritten = price.input * 1.25
        return price
    }

    private static func prices(
        _ provider: String,
        _ month: String,
        _ rows: [(model: String, input: Double, output: Double, cached: Double?)]
    ) -> [ModelPrice] {
        rows.map { row in
            ModelPrice(
                provider: provider,
                model: row.model,
                input: row.input,
                output: row.output,
                cached: row.cached,
                asOf: month
            )
        }
    }
}
