// SPDX-License-Identifier: MIT

public import SMMFCore

/// What every store of API keys must keep. Each law gets a store of its own; `open` opens the same one again, as a
/// restart would.
public struct KeyStoreLaws: Sendable {
    /// Opens a store; an empty one when it is opened for the first time.
    public typealias Open = @Sendable () async throws -> any KeyStore

    private let make: @Sendable () async throws -> Open

    /// Laws for the stores that `make` prepares.
    public init(make: @escaping @Sendable () async throws -> Open) { self.make = make }

    /// The laws by name, for a test to run each.
    public var all: [(name: String, check: @Sendable () async throws -> Void)] {
        [
            ("what was saved is there, in order and whole", saved),
            ("a changed key keeps what it has spent", changed),
            ("a removed key is gone with what it has spent", removed),
            ("a report counts once, however often it comes", reported),
            ("reports of different servers do not meet", servers),
        ]
    }

    private func key(_ id: String, name: String = "app") throws -> APIKey {
        APIKey(
            id: KeyID(id),
            name: name,
            prefix: "sk-smmf-abcd",
            digest: KeyDigest(1, 2, 3, 4),
            models: try ModelScope(["m", "qwen*"]),
            limits: KeyLimits(
                requestsPerMinute: 60,
                tokensPerMinute: 1000,
                concurrent: 4,
                budget: TokenBudget(tokens: 1_000_000, period: .month)
            ),
            created: Timestamp(milliseconds: 5),
            expires: Timestamp(milliseconds: 6)
        )
    }

    private func entry(_ id: String, _ tokens: Int, day: Int = 100) -> SpendingReport.Entry {
        SpendingReport.Entry(key: KeyID(id), day: day, tokens: tokens)
    }

    private func saved() async throws {
        let open = try await make()
        let store = try await open()
        try LawViolation.unless(try await store.load().isEmpty, "a new store holds something")
        try await store.save(key("b"))
        try await store.save(key("a"))
        let found = try await open().load()
        try LawViolation.unless(found == [StoredKey(key: try key("a")), StoredKey(key: try key("b"))], "got \(found)")
    }

    private func changed() async throws {
        let open = try await make()
        let store = try await open()
        try await store.save(key("a"))
        _ = try await store.add(SpendingReport(server: "s", number: 1, entries: [entry("a", 7)]))
        var next = try key("a", name: "other")
        next.isRevoked = true
        try await store.save(next)
        let found = try await open().load()
        try LawViolation.unless(found.map(\.key) == [next], "got \(found)")
        try LawViolation.unless(found.first?.spending.total == 7, "the spending is \(found.map(\.spending))")
    }

    private func removed() async throws {
        let open = try await make()
        let store = try await open()
        try await store.save(key("a"))
        _ = try await store.add(SpendingReport(server: "s", number: 1, entries: [entry("a", 7)]))
        try await store.remove(KeyID("a"))
        try await store.remove(KeyID("never"))
        try await store.save(key("a"))
        let found = try await open().load()
        try LawViolation.unless(found == [StoredKey(key: try key("a"))], "got \(found)")
    }

    private func reported() async throws {
        let open = try await make()
        let store = try await open()
        try await store.save(key("a"))
        let report = SpendingReport(
            server: "s",
            number: 1,
            entries: [entry("a", 7), entry("ghost", 5), entry("a", 4, day: 101)]
        )
        let first = try await store.add(report)
        let again = try await store.add(report)
        let afterRestart = try await open().add(report)
        let next = try await open().add(SpendingReport(server: "s", number: 2, entries: [entry("a", 1, day: 101)]))
        let late = try await open().add(report)
        let answers = [first, again, afterRestart, next, late]
        try LawViolation.unless(answers == [true, false, false, true, false], "the answers are \(answers)")
        let spending = try await open().load().first?.spending
        try LawViolation.unless(spending?.total == 12, "the spending is \(String(describing: spending))")
        try LawViolation.unless(spending?.tokens(in: .day, onDay: 101) == 5, "\(String(describing: spending))")
    }

    private func servers() async throws {
        let open = try await make()
        let store = try await open()
        try await store.save(key("a"))
        for server in 0..<20 {
            let report = SpendingReport(server: "s\(server)", number: 1, entries: [entry("a", 1)])
            try LawViolation.unless(try await store.add(report), "the first report of server \(server) was not taken")
        }
        let spending = try await open().load().first?.spending
        try LawViolation.unless(spending?.total == 20, "the spending is \(String(describing: spending))")
    }
}
