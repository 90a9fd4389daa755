// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFGateway
import SMMFRouting
import Testing

@Suite("Registry view and routing table")
struct RegistryViewTests {
    private func row(_ id: String, _ state: InstanceState = .ready, model: ModelName = .example) -> Instance {
        var row = Instance(id: InstanceID(id), model: model, state: state)
        row.endpoint = Endpoint(host: "127.0.0.1", port: 9101)
        return row
    }

    private func snapshot(_ epoch: UInt64, _ number: UInt64, _ changes: [RegistryChange]) -> RegistryUpdate {
        RegistryUpdate(revision: RegistryRevision(epoch: epoch, number: number), isSnapshot: true, changes: changes)
    }

    @Test("a registry that lost its memory empties nothing until the grace is over")
    func grace() {
        var view = RegistryView()
        view.apply(snapshot(1, 9, [.putCard(ModelCard(name: .example)), .put(row("a")), .put(row("b"))]), at: .zero)
        view.apply(snapshot(2, 0, []), at: .seconds(100))
        #expect(view.instances.count == 2 && view.cards.count == 1)
        let back = RegistryUpdate(
            revision: RegistryRevision(epoch: 2, number: 1),
            isSnapshot: false,
            changes: [.put(row("a"))]
        )
        view.apply(back, at: .seconds(101))
        let early = view.expire(at: .seconds(114))
        #expect(!early)
        let changed = view.expire(at: .seconds(115))
        #expect(changed && view.instances.keys.map(\.text) == ["a"])
    }

    @Test("within an epoch a snapshot is the whole truth")
    func resync() {
        var view = RegistryView()
        view.apply(snapshot(1, 1, [.put(row("a")), .put(row("b"))]), at: .zero)
        view.apply(snapshot(1, 9000, [.put(row("b"))]), at: .zero)
        #expect(view.instances.keys.map(\.text) == ["b"])
    }

    private func key(_ id: String) -> RegistryChange {
        let digest = KeyDigest(1, 2, 3, 4)
        let created = Timestamp(milliseconds: 0)
        return .putKey(KeyCard(APIKey(id: KeyID(id), name: id, prefix: "", digest: digest, created: created)))
    }

    @Test("a registry that lost its memory does not take the keys away, and one that names keys replaces them")
    func keys() {
        var view = RegistryView()
        view.apply(snapshot(1, 9, [key("a"), key("b")]), at: .zero)
        view.apply(snapshot(2, 0, []), at: .zero)
        #expect(view.keys.count == 2)
        view.apply(snapshot(3, 1, [key("b")]), at: .zero)
        #expect(view.keys.keys.map(\.text) == ["b"])
        let gone = RegistryRevision(epoch: 3, number: 2)
        view.apply(RegistryUpdate(revision: gone, isSnapshot: false, changes: [.removedKey(KeyID("b"))]), at: .zero)
        #expect(view.keys.isEmpty)
    }

    @Test("only ready instances get requests, and load counters survive a new table")
    func table() throws {
        var builder = RoutingTableBuilder(policies: [LeastLoadPolicy()])
        var view = RegistryView()
        view.apply(snapshot(1, 1, [.put(row("a")), .put(row("b", .loading)), .put(row("c", .draining))]), at: .zero)
        let first = try #require(builder.build(view).entry(for: "qwen3-8b"))
        #expect(first.groups.flatMap(\.instances).map(\.id.text) == ["a"])
        let slot = LoadSlot(on: first.groups[0].instances[0].load)
        let second = try #require(builder.build(view).entry(for: "qwen3-8b"))
        #expect(second.groups[0].instances[0].load.inFlight == 1)
        slot.release()
        #expect(second.groups[0].instances[0].load.inFlight == 0)
    }

    @Test("a route's groups come in order and rename the model; offline members are left out")
    func routes() throws {
        let small = try ModelName("small")
        let alias = try ModelName("assistant")
        var builder = RoutingTableBuilder(policies: [LeastLoadPolicy()])
        var view = RegistryView()
        let cards: [RegistryChange] = [
            .putCard(ModelCard(name: .example)), .putCard(ModelCard(name: small)),
            .putCard(ModelCard(name: alias, route: [.example, small])),
        ]
        view.apply(snapshot(1, 1, cards + [.put(row("a")), .put(row("s", model: small))]), at: .zero)
        let entry = try #require(builder.build(view).entry(for: "assistant"))
        #expect(entry.groups.map(\.model) == [.example, small])
        #expect(entry.groups[1].instances[0].servedName == "small")
        view.apply(
            RegistryUpdate(
                revision: RegistryRevision(epoch: 1, number: 2),
                isSnapshot: false,
                changes: [.putCard(ModelCard(name: .example, desired: .offline))]
            ),
            at: .zero
        )
        #expect(builder.build(view).entry(for: "assistant")?.groups.map(\.model) == [small])
        #expect(builder.build(view).entry(for: "qwen3-8b")?.availability != .serving)
    }

    @Test("a route that prefers the cheap begins with one's own, and shares follow their models")
    func plans() throws {
        let names = try ["dear", "cheap", "own", "alias", "split"].map { try ModelName($0) }
        func cloud(_ model: ModelName, _ upstream: String) throws -> RegistryChange {
            var instance = row("\(model)@openai", model: model)
            instance.servedName = upstream
            instance.access = ProviderAccess(provider: "openai", key: try Secret("sk-1"))
            return .put(instance)
        }
        var alias = ModelCard(name: names[3], route: Array(names[0..<3]))
        alias.routePreference = .cost
        alias.spillAbove = 4
        var split = ModelCard(name: names[4], route: Array(names[0..<3]))
        split.routeWeights = [0, 1, 9]
        let rows: [RegistryChange] = [
            try cloud(names[0], "gpt-5"), try cloud(names[1], "gpt-5-nano"), .put(row("o", model: names[2])),
            .putCard(alias), .putCard(split),
        ]
        var builder = RoutingTableBuilder(policies: [LeastLoadPolicy()])
        var view = RegistryView()
        view.apply(snapshot(1, 1, rows), at: .zero)
        let table = builder.build(view)
        let cheap = try #require(table.entry(for: "alias"))
        #expect(cheap.groups.map(\.model.text) == ["own", "cheap", "dear"])
        #expect(cheap.plan?.spillAbove == 4)
        let shared = try #require(table.entry(for: "split"))
        #expect(shared.groups.map(\.model.text) == ["dear", "cheap", "own"])
        #expect(shared.plan == RoutePlan(weights: [0, 1, 9]))
        #expect(table.entry(for: "own")?.plan == nil)
        // A group that is gone takes its share with it.
        view.apply(
            RegistryUpdate(
                revision: RegistryRevision(epoch: 1, number: 2),
                isSnapshot: false,
                changes: [.removed(InstanceID("cheap@openai"))]
            ),
            at: .zero
        )
        #expect(builder.build(view).entry(for: "split")?.plan == RoutePlan(weights: [0, 9]))
    }

    @Test("a key of its own has a rest of its own, and one that is withheld serves nobody")
    func rests() throws {
        var instance = row("m@openai")
        instance.access = ProviderAccess(provider: "openai", key: try Secret("sk-1"))
        var builder = RoutingTableBuilder(policies: [LeastLoadPolicy()])
        var view = RegistryView()
        func rest(_ number: UInt64) -> InstanceRest? {
            view.apply(snapshot(1, number, [.put(instance)]), at: .zero)
            return builder.build(view).entry(for: "qwen3-8b")?.groups.first?.instances.first?.rest
        }
        let first = try #require(rest(1))
        first.rest(until: 1_000, .refused)
        #expect(rest(2) === first)
        instance.access?.key = try Secret("sk-2")
        let second = try #require(rest(3))
        #expect(second !== first && !second.rests(at: 0))
        instance.access?.key = nil
        instance.access?.isWithheld = true
        #expect(rest(4) == nil)
        guard case .unavailable(let why)? = builder.build(view).entry(for: "qwen3-8b")?.availability else {
            Issue.record("it serves without its key")
            return
        }
        #expect(why.contains("token"))
    }

    @Test(
        "a model without a ready instance says why, and whether waiting helps",
        arguments: [
            (InstanceState.loading, nil as InstanceFailure.Kind?, true), (.suspect, nil, true),
            (.failed, .fileMissing, false), (.failed, .killed, true),
        ]
    )
    func availability(state: InstanceState, failure: InstanceFailure.Kind?, helps: Bool) throws {
        var instance = row("a", state)
        instance.failure = failure.map { InstanceFailure($0, "It broke.") }
        var builder = RoutingTableBuilder(policies: [LeastLoadPolicy()])
        var view = RegistryView()
        view.apply(snapshot(1, 1, [.putCard(ModelCard(name: .example)), .put(instance)]), at: .zero)
        switch try #require(builder.build(view).entry(for: "qwen3-8b")).availability {
        case .serving: Issue.record("nothing serves")
        case .comingUp: #expect(helps)
        case .unavailable(let text):
            #expect(!helps)
            #expect(text.contains("It broke."))
        }
    }

    @Test("a load on its way says how far it is and when it is likely to serve")
    func estimates() throws {
        var instance = row("a", .loading)
        instance.detail = "reading the weights"
        instance.progress = 0.25
        instance.since = Timestamp(milliseconds: 10_000)
        var card = ModelCard(name: .example)
        func entry(at now: Int64) throws -> RouteEntry {
            var builder = RoutingTableBuilder(policies: [LeastLoadPolicy()])
            var view = RegistryView()
            view.apply(snapshot(1, 1, [.putCard(card), .put(instance)]), at: .zero)
            return try #require(builder.build(view, at: Timestamp(milliseconds: now)).entry(for: "qwen3-8b"))
        }
        // A quarter took ten seconds, so that three times as much is left.
        #expect(try entry(at: 20_000).availability == .comingUp("it is loading, 25 %: reading the weights"))
        #expect(try entry(at: 20_000).retryAfter(at: Timestamp(milliseconds: 20_000)) == 31)
        #expect(try entry(at: 20_000).retryAfter(at: Timestamp(milliseconds: 45_500)) == 5)
        #expect(try entry(at: 20_000).retryAfter(at: Timestamp(milliseconds: 90_000)) == 1)
        // Without a word about its progress the last load tells.
        instance.progress = nil
        #expect(try entry(at: 20_000).retryAfter(at: Timestamp(milliseconds: 20_000)) == 1)
        card.loadSeconds = 60
        #expect(try entry(at: 20_000).retryAfter(at: Timestamp(milliseconds: 20_000)) == 51)
        card.loadSeconds = 100_000
        #expect(try entry(at: 20_000).retryAfter(at: Timestamp(milliseconds: 20_000)) == 600)
    }
}
