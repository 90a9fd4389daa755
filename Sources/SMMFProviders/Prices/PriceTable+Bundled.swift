// SPDX-License-Identifier: MIT

extension PriceTable {
    /// Prices as lists had them in the month that stands beside them. Where a price depends on the hour, as DeepSeek's does,
    /// or was not found in two places, there is none, as a wrong price is worse.
    public static let bundled: [ModelPrice] =
        openAI + anthropic + gemini("gemini") + gemini("gemini-native")

    private static let openAI: [ModelPrice] =
        prices(
            "openai",
            "2026-11",
            [
                ("gpt-5", 1.25, 10, 0.125), ("gpt-5-mini", 0.25, 2, 0.025), ("gpt-5-nano", 0.05, 0.4, 0.005),
                ("gpt-5.2", 1.75, 14, 0.175), ("gpt-5.2-codex", 1.75, 14, 0.175), ("gpt-5.3-codex", 1.75, 14, 0.175),
                ("gpt-5.4-mini", 0.75, 4.5, 0.075), ("gpt-5.4-nano", 0.2, 1.25, 0.02),
                ("gpt-4.1", 2, 8, 0.5), ("gpt-4.1-mini", 0.4, 1.6, 0.1), ("gpt-4.1-nano", 0.1, 0.4, 0.025),
                ("gpt-4o", 2.5, 10, 1.25), ("gpt-4o-mini", 0.15, 0.6, 0.075), ("o3", 2, 8, 0.5),
                ("o4-mini", 1.1, 4.4, 0.275),
                ("text-embedding-3-small", 0.02, 0, nil), ("text-embedding-3-large", 0.13, 0, nil),
            ]
        )
        + prices("openai", "2026-11", [("gpt-5.4", 2.5, 15, 0.25), ("gpt-5.5", 5, 30, 0.5)]).map { price in
            var price = price
            price.longPrompt = ModelPrice.LongPrompt(above: 272_000, input: 2, output: 1.5)
            return price
        }

    /// What is put into Anthropic's cache costs a quarter more than other input, for the five minutes that are usual.
    private static let anthropic: [ModelPrice] = prices(
        "anthropic",
        "2026-10",
        [
            ("claude-fable-5", 10, 50, 1), ("claude-fable-5-1", 10, 50, 0.25), ("claude-opus-5-5", 4, 20, 0.2),
            ("claude-opus-5", 5, 25, 0.5), ("claude-opus-4-8", 5, 25, 0.5), ("claude-opus-4-7", 5, 25, 0.5),
            ("claude-opus-4-6", 5, 25, 0.5), ("claude-opus-4-5", 5, 25, 0.5), ("claude-opus-4-1", 15, 75, 1.5),
            ("claude-opus-4", 15, 75, 1.5), ("claude-opus-4-0", 15, 75, 1.5),
            ("claude-sonnet-5-5", 2, 10, 0.1), ("claude-sonnet-5", 2, 10, 0.2), ("claude-sonnet-4-6", 3, 15, 0.3),
            ("claude-sonnet-4-5", 3, 15, 0.3), ("claude-sonnet-4", 3, 15, 0.3), ("claude-sonnet-4-0", 3, 15, 0.3),
            ("claude-haiku-5-5", 0.1, 0.5, 0.01), ("claude-haiku-4-5", 1, 5, 0.1), ("claude-3-5-haiku", 0.8, 4, 0.08),
        ]
    ).map { price in
        var price = price
        price.cacheWritten = price.input * 1.25
        if price.model == "claude-haiku-5-5" {
            price.longPrompt = ModelPrice.LongPrompt(above: 100_000, input: 5, output: 5)
        }
        return price
    }

    private static func gemini(_ provider: String) -> [ModelPrice] {
        prices(
            provider,
            "2026-11",
            [
                ("gemini-2.5-pro", 1.25, 10, 0.125), ("gemini-2.5-flash", 0.3, 2.5, 0.03),
                ("gemini-2.5-flash-lite", 0.1, 0.4, 0.01), ("gemini-3.5-flash", 1.5, 9, 0.15),
                ("gemini-embedding-001", 0.15, 0, nil),
            ]
        ).map { price in
            guard price.model == "gemini-2.5-pro" else { return price }
            var price = price
            price.longPrompt = ModelPrice.LongPrompt(above: 200_000, input: 2, output: 1.5)
            return price
        }
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
