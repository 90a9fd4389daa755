// SPDX-License-Identifier: MIT

import SMMFProviders
import SMMFWire
import Testing

@Suite("Prices")
struct PriceTests {
    @Test(
        "a name stands for itself, its dates and its latest version, and for no other model",
        arguments: [
            ("openai", "gpt-4o", 2.5), ("openai", "gpt-4o-2024-11-20", 2.5), ("openai", "gpt-4o-mini", 0.15),
            ("openai", "gpt-4o-mini-2024-07-18", 0.15), ("openai", "gpt-5", 1.25), ("openai", "gpt-5.5", 5),
            ("openai", "gpt-5.5-pro", nil), ("openai", "gpt-5-pro", nil), ("openai", "gpt-5.6-luna", nil),
            ("openai", "gpt-4o-audio-preview", nil), ("openai", "unheard-of", nil), ("azure", "gpt-4o", nil),
            ("anthropic", "claude-opus-4-20250514", 15), ("anthropic", "claude-opus-4-1-20250805", 15),
            ("anthropic", "claude-opus-4-5-20251101", 5), ("anthropic", "claude-opus-4-8", 5),
            ("anthropic", "claude-opus-4-9", nil), ("anthropic", "claude-opus-5-5", 4),
            ("anthropic", "claude-sonnet-4-5@20250929", 3), ("anthropic", "claude-3-5-haiku-latest", 0.8),
            ("gemini", "gemini-2.5-flash", 0.3), ("gemini-native", "gemini-2.5-flash-lite", 0.1),
            ("gemini", "gemini-2.5-flash-image", nil),
        ] as [(String, String, Double?)]
    )
    func names(provider: String, model: String, input: Double?) {
        #expect(PriceTable().price(of: model, at: provider)?.input == input)
    }

    @Test("a user's own prices come first, the longest name first")
    func own() {
        let table = PriceTable(own: [
            ModelPrice(provider: "openai", model: "gpt-*", input: 1, output: 1, asOf: "2026-01"),
            ModelPrice(provider: "openai", model: "gpt-4o-mini*", input: 2, output: 1, asOf: "2026-01"),
        ])
        #expect(table.price(of: "gpt-4o-mini-2024-07-18", at: "openai")?.input == 2)
        #expect(table.price(of: "gpt-unheard-of", at: "openai")?.input == 1)
        #expect(table.price(of: "o3", at: "openai")?.input == 2)
    }

    @Test("what was cached and what was put into the cache have prices of their own")
    func cached() throws {
        let usage = TokenUsage(prompt: 1_000_000, completion: 1_000_000, cached: 400_000, cacheWritten: 100_000)
        let claude = try #require(PriceTable().price(of: "claude-sonnet-4-5", at: "anthropic"))
        #expect(abs(claude.cost(of: usage) - (1.5 + 0.12 + 0.375 + 15)) < 1e-9)
        #expect(claude.cost(of: TokenUsage()) == 0)
    }

    @Test("a long prompt makes the whole request dearer")
    func long() throws {
        let price = try #require(PriceTable().price(of: "gpt-5.4", at: "openai"))
        #expect(abs(price.cost(of: TokenUsage(prompt: 272_000, completion: 1000)) - (0.68 + 0.015)) < 1e-9)
        #expect(abs(price.cost(of: TokenUsage(prompt: 300_000, completion: 1000)) - (1.5 + 0.0225)) < 1e-9)
    }

    @Test("the bundled ones are of known providers, dated, and each once")
    func bundled() {
        for price in PriceTable.bundled {
            #expect(Providers.named(price.provider) != nil && price.input > 0 && price.output >= 0)
            #expect(price.cached ?? 0 <= price.input && !price.model.hasSuffix("*"))
            #expect(price.asOf.count == 7 && price.asOf.hasPrefix("20"))
        }
        #expect(Set(PriceTable.bundled.map { $0.provider + " " + $0.model }).count == PriceTable.bundled.count)
    }
}
