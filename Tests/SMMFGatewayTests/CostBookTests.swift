// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFProviders
import SMMFRouting
import SMMFWire
import Testing

@testable import SMMFGateway
@testable import SMMFRelay

@Suite("Costs")
struct CostBookTests {
    private func instance(_ id: String, _ provider: String?, _ upstream: String?) -> RouteInstance {
        RouteInstance(
            id: InstanceID(id),
            endpoint: Endpoint(host: "h", port: 1),
            servedName: upstream,
            load: InstanceLoad(),
            access: provider.map { ProviderAccess(provider: $0) }
        )
    }

    private func entry(_ name: String, _ groups: [[RouteInstance]]) throws -> RouteEntry {
        let model = try ModelName(name)
        return RouteEntry(
            name: model,
            kind: .language,
            groups: groups.map { RouteGroup(model: model, policy: LeastLoadPolicy(), instances: $0) },
            otherwise: .unavailable("none")
        )
    }

    @Test("a model has a price where all of its instances have the same; one's own stand before the bundled ones")
    func prices() throws {
        let own = ModelPrice(provider: "openai", model: "mine", input: 1, output: 2, asOf: "")
        let table = RoutingTable([
            try entry("one", [[instance("a", "openai", "gpt-4o"), instance("b", "openai", "gpt-4o")]]),
            try entry("gpt-5", [[instance("c", "openai", nil)]]),
            try entry("mixed", [[instance("d", "openai", "gpt-4o")], [instance("e", "openai", "gpt-5")]]),
            try entry("engine", [[instance("f", nil, nil)]]),
            try entry("half", [[instance("g", "openai", "gpt-4o")], [instance("h", nil, nil)]]),
            try entry("mine", [[instance("i", "openai", nil)]]), try entry("empty", []),
        ])
        let found = CostBook.prices(table, PriceTable(own: [own]))
        #expect(found.keys.sorted() == ["gpt-5", "mine", "one"])
        #expect(found["one"]?.input == 2.5 && found["mine"] == own)
    }

    @Test("tokens cost what they cost when they were used, once")
    func costs() {
        let price = ModelPrice(provider: "p", model: "m", input: 1, output: 10, cached: 0.5, asOf: "")
        var dearer = price
        dearer.output = 20
        func used(_ prompt: Int, _ completion: Int, cached: Int = 0) -> [String: ModelTraffic] {
            var traffic = ModelTraffic()
            traffic.tokens = TokenUsage(prompt: prompt, completion: completion, cached: cached)
            return ["m": traffic]
        }
        var book = CostBook()
        book.note(used(1_000_000, 0), prices: [:])
        #expect(book.costs.isEmpty)
        book.note(used(2_000_000, 100_000), prices: ["m": price])
        #expect(book.costs.map(\.reported) == [2])
        book.note(used(2_000_000, 100_000), prices: ["m": price])
        #expect(book.costs.map(\.reported) == [2])
        book.note(used(2_000_000, 200_000), prices: ["m": dearer])
        #expect(book.costs.map(\.reported) == [4])
        book.note(used(3_000_000, 200_000, cached: 1_000_000), prices: ["m": price])
        #expect(book.costs.map(\.reported) == [4.5])
        // A look that began earlier and ends later changes nothing.
        book.note(used(2_000_000, 200_000), prices: ["m": price])
        book.note(used(3_000_000, 200_000, cached: 1_000_000), prices: ["m": price])
        #expect(book.costs.map(\.reported) == [4.5])
        book.note(used(4_000_000, 200_000, cached: 1_000_000), prices: [:])
        #expect(book.costs.map(\.reported) == [4.5])
    }
}
