// SPDX-License-Identifier: MIT

import Logging
import SMMFCore
import SMMFKeys
import SMMFRegistries
import SMMFTesting
import Testing

@testable import SMMFController

@Suite("API keys of the controller")
struct KeyTests {
    private let base = ControllerTests()

    private func published() async throws -> [KeyCard] {
        try await base.registry.next(after: nil).changes.compactMap { change in
            if case .putKey(let card) = change { card } else { nil }
        }
    }

    @Test("a new key is published by its digest at once, and its secret stands nowhere")
    func create() async throws {
        let controller = try await base.make()
        let created = try await controller.createKey(KeyRequest(name: "app", models: ModelScope(["m*"])))
        let card = try #require(try await published().first)
        #expect(card.digest == KeySecret.digest(of: created.secret) && card.models.patterns == ["m*"])
        #expect(created.key.prefix == created.secret.prefix(12) && created.secret.count == 51)
        let events = await controller.events(after: 0)
        #expect(events.map(\.text) == ["made for app"] && events[0].subject == created.key.id.text)
        let stored = await base.keyStore.load()
        let everything = "\(stored)\(events)\(await controller.apiKeys())\(card)"
        #expect(!everything.contains(created.secret.dropFirst(12)))
        #expect(stored.map(\.key.id) == [created.key.id])
    }

    @Test("keys are published before anything else after a restart")
    func restart() async throws {
        _ = try await base.make().createKey(KeyRequest(name: "app"))
        let fresh = MemoryRegistry()
        _ = try await Controller(
            store: base.store,
            keyStore: base.keyStore,
            registry: fresh,
            catalogue: Controller.Catalogue(engines: [], policies: []),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            connect: { _ in ScriptedWorker("remote") },
            now: { .zero },
            wallClock: { Timestamp(milliseconds: 0) }
        )
        #expect(try await fresh.next(after: nil).changes.count == 1)
    }

    @Test("a revoked key stays known as one, frees its name, and can be forgotten")
    func revoke() async throws {
        let controller = try await base.make()
        let first = try await controller.createKey(KeyRequest(name: "app"))
        let taken = await #expect(throws: SMMFError.self) { try await controller.createKey(KeyRequest(name: "app")) }
        #expect(taken?.code == .conflict && taken?.field == "name")
        try await controller.revokeKey("app", forget: false)
        #expect(try await published().map(\.isRevoked) == [true])
        let second = try await controller.createKey(KeyRequest(name: "app"))
        try await controller.revokeKey(first.key.id.text, forget: true)
        #expect(try await published().map(\.id) == [second.key.id])
        #expect(await base.keyStore.load().map(\.key.id) == [second.key.id])
        let unknown = await #expect(throws: SMMFError.self) { try await controller.revokeKey("ap", forget: false) }
        #expect(unknown?.code == .notFound && unknown?.nextStep?.contains("app") == true)
    }

    @Test("a change keeps secret and spending, and a revoked key cannot be changed")
    func change() async throws {
        let controller = try await base.make()
        let created = try await controller.createKey(KeyRequest(name: "app"))
        let id = created.key.id
        _ = try await controller.add(
            SpendingReport(server: "s", number: 1, entries: [.init(key: id, day: 0, tokens: 9)])
        )
        let wanted = KeyRequest(name: "new", limits: KeyLimits(budget: TokenBudget(tokens: 10, period: .day)))
        let changed = try await controller.changeKey(id.text, to: wanted)
        #expect(changed.name == "new" && changed.spent == 9 && changed.spentOfBudget == 9)
        let card = try #require(try await published().first)
        #expect(card.digest == KeySecret.digest(of: created.secret) && card.limits == wanted.limits)
        #expect(card.spending?.total == 9)
        try await controller.revokeKey("new", forget: false)
        let refused = await #expect(throws: SMMFError.self) { try await controller.changeKey("new", to: wanted) }
        #expect(refused?.code == .notFound)
        let again = await #expect(throws: SMMFError.self) { try await controller.changeKey(id.text, to: wanted) }
        #expect(again?.code == .conflict)
    }

    @Test("a report counts once, and its answer says what is spent in all")
    func reports() async throws {
        let controller = try await base.make()
        let id = try await controller.createKey(KeyRequest(name: "app")).key.id
        let entries = [
            SpendingReport.Entry(key: id, day: 0, tokens: 5), .init(key: KeyID("ghost"), day: 0, tokens: 5),
        ]
        for _ in 0..<3 {
            let spent = try await controller.add(SpendingReport(server: "s", number: 1, entries: entries))
            #expect(spent.map(\.key) == [id] && spent.map(\.spending.total) == [5])
        }
        let spent = try await controller.add(SpendingReport(server: "t", number: 1, entries: entries))
        #expect(spent.map(\.spending.total) == [10])
        let many = Array(repeating: entries[0], count: SpendingReport.entryLimit + 1)
        await #expect(throws: SMMFError.self) {
            try await controller.add(SpendingReport(server: "s", number: 2, entries: many))
        }
    }

    @Test("spending is published when it matters to others, and not with every report")
    func publishing() {
        var publishing = KeyPublishing()
        var stored = StoredKey(
            key: APIKey(
                id: KeyID("a"),
                name: "a",
                prefix: "",
                digest: KeyDigest(1, 2, 3, 4),
                limits: KeyLimits(budget: TokenBudget(tokens: 1000, period: .day)),
                created: Timestamp(milliseconds: 0)
            )
        )
        func spend(_ tokens: Int) -> Int? {
            stored.spending.add(tokens, onDay: 3)
            publishing.spent(stored, onDay: 3)
            defer { publishing.ended(true) }
            return publishing.begin([stored]).map { $0.first?.spending?.total ?? 0 }
        }
        #expect(publishing.begin([stored])?.count == 1)
        publishing.ended(false)
        #expect(publishing.begin([stored])?.count == 1)
        publishing.ended(true)
        #expect(publishing.begin([stored]) == nil)
        #expect(spend(4) == nil)
        #expect(spend(1) == 5)
        #expect(spend(4) == nil)
        #expect(spend(987) == 996)
        #expect(spend(3) == nil)
        // The last token of the budget is news, however few they are.
        #expect(spend(1) == 1000)
        publishing.keysChanged()
        #expect(publishing.begin([stored])?.count == 1)
    }
}
