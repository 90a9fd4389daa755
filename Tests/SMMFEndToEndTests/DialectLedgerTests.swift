// SPDX-License-Identifier: MIT

import SMMFProviders
import SMMFTestFleet
import SMMFTesting
import SMMFWire
import Testing

/// What an answer cost is one number, whoever is asked: the client reads it in its own dialect, the API server counts it,
/// and the provider has counted it itself, in front of every provider and from every client.
@Suite("Ledger of dialects", .serialized)
struct DialectLedgerTests {
    /// Providers whose chats are played. Native Vertex speaks the words of `gemini-native`, at an address with places that are
    /// not played.
    private static let names = Providers.all.map(\.name).filter { name in
        PlayedProvider.named(name) != nil && !["jina", "voyage", "vertex-native"].contains(name)
    }

    private static let clients: [LedgerClient] = [
        .openAI, .anthropic, .responses, .ollama, .gemini,
    ]

    @Test("the client's, the server's and the provider's numbers are the same", arguments: names)
    func usage(_ name: String) async throws {
        try await PlayedFleet.run(name) { fleet, provider in
            var sum = TokenUsage()
            for client in Self.clients {
                for streams in [false, true] {
                    let before = try await provider.settledReport()
                    let usage = try await client.ask(fleet, "m", "#usage hello", streams: streams)
                    let after = try await provider.settledReport()
                    let own = (
                        after.usage.prompt - before.usage.prompt, after.usage.completion - before.usage.completion
                    )
                    let told = (usage.prompt, usage.completion)
                    #expect(
                        told == own,
                        "\(client.name), \(streams ? "stream" : "whole"): told \(told), was \(own)"
                    )
                    sum.prompt += own.0
                    sum.completion += own.1
                }
            }
            #expect(
                try await fleet.metric(#"smmf_tokens_total{model="m",kind="prompt",estimated="false"}"#)
                    == Double(sum.prompt)
            )
            #expect(
                try await fleet.metric(#"smmf_tokens_total{model="m",kind="completion",estimated="false"}"#)
                    == Double(sum.completion)
            )
        }
    }
}
