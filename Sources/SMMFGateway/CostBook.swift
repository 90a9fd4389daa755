// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFProviders
import SMMFRelay
import SMMFRouting
import SMMFWire

/// What models cost: their tokens since the last look, at the prices of now. A value; whoever asks for the metrics looks, and
/// so does a change of the routing table, so that what was used before the change is counted at the prices before it.
struct CostBook: Sendable {
    private struct Entry: Sendable {
        var reported = TokenUsage()
        var estimated = TokenUsage()
        var dollars = 0.0
        var estimatedDollars = 0.0
        var isPriced = false
    }

    private var entries: [String: Entry] = [:]

    /// Takes what was counted so far. What a model without a price uses is never charged, also when it gets one later.
    mutating func note(_ traffic: [String: ModelTraffic], prices: [String: ModelPrice]) {
        for (model, counts) in traffic {
            var entry = entries[model] ?? Entry()
            // Two looks at once may end in the other order than they began; the next one has what an older one lacks.
            guard Self.isSince(counts.tokens, entry.reported), Self.isSince(counts.estimatedTokens, entry.estimated)
            else { continue }
            if let price = prices[model] {
                entry.isPriced = true
                entry.dollars += price.cost(of: Self.difference(counts.tokens, entry.reported))
                entry.estimatedDollars += price.cost(of: Self.difference(counts.estimatedTokens, entry.estimated))
            }
            entry.reported = counts.tokens
            entry.estimated = counts.estimatedTokens
            entries[model] = entry
        }
    }

    /// Dollars by model, in the order of the names: by what was reported, and by estimates.
    var costs: [(model: String, reported: Double, estimated: Double)] {
        entries.filter(\.value.isPriced).sorted { $0.key < $1.key }
            .map { ($0.key, $0.value.dollars, $0.value.estimatedDollars) }
    }

    private static func isSince(_ now: TokenUsage, _ before: TokenUsage) -> Bool {
        now.prompt >= before.prompt && now.completion >= before.completion && now.cached >= before.cached
            && now.cacheWritten >= before.cacheWritten && now.reasoning >= before.reasoning
    }

    private static func difference(_ now: TokenUsage, _ before: TokenUsage) -> TokenUsage {
        TokenUsage(
            prompt: now.prompt - before.prompt,
            completion: now.completion - before.completion,
            cached: now.cached - before.cached,
            cacheWritten: now.cacheWritten - before.cacheWritten,
            reasoning: now.reasoning - before.reasoning
        )
    }

    /// The prices of the models in a table that have one: those all of whose instances cost the same. Who answered for a
    /// route of several prices is not known here.
    static func prices(_ table: RoutingTable, _ prices: PriceTable) -> [String: ModelPrice] {
        var found: [String: ModelPrice] = [:]
        for entry in table.sorted {
            let instances = entry.groups.flatMap(\.instances)
            guard let first = instances.first, let price = price(of: first, in: entry, prices) else { continue }
            guard instances.allSatisfy({ Self.price(of: $0, in: entry, prices) == price }) else { continue }
            // Sums of tokens do not tell how long each prompt was.
            var plain = price
            plain.longPrompt = nil
            found[entry.name.text] = plain
        }
        return found
    }

    private static func price(
        of instance: RouteInstance,
        in entry: RouteEntry,
        _ prices: PriceTable
    ) -> ModelPrice? {
        instance.access.flatMap { prices.price(of: instance.servedName ?? entry.name.text, at: $0.provider) }
    }
}
