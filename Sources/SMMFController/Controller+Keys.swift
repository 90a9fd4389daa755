// SPDX-License-Identifier: MIT

import Logging
public import SMMFCore
import SMMFKeys

extension Controller {
    /// Every API key, revoked ones included, the newest last.
    public func apiKeys() -> [KeyStatus] {
        let now = wallClock()
        return keys.values.sorted { ($0.key.created, $0.key.id) < ($1.key.created, $1.key.id) }
            .map { KeyStatus($0.key, $0.spending, at: now) }
    }

    /// Makes a key and returns it with its secret, which is kept nowhere.
    public func createKey(_ request: KeyRequest) async throws -> CreatedKey {
        try request.validate(at: wallClock())
        try requireFreeName(request.name)
        try await makeRoom()
        var generator = SystemRandomNumberGenerator()
        let secret = KeySecret.fresh(using: &generator)
        let key = APIKey(
            id: KeyID.fresh(using: &generator),
            name: request.name,
            prefix: KeySecret.prefix(of: secret),
            digest: KeySecret.digest(of: secret),
            models: request.models,
            limits: request.limits,
            created: wallClock(),
            expires: request.expires
        )
        // It takes its name before it is saved, so that of two requests at once only one gets it.
        keys[key.id] = StoredKey(key: key)
        do {
            try await keyStore.save(key)
        } catch {
            keys[key.id] = nil
            throw error
        }
        await noteKey(key, "made for \(key.name)")
        return CreatedKey(key: KeyStatus(key, .none, at: wallClock()), secret: secret)
    }

    /// Changes a key's name, models, limits and expiry to those of `request`; its secret and spending stay.
    public func changeKey(_ name: String, to request: KeyRequest) async throws -> KeyStatus {
        let stored = try existingKey(name)
        guard !stored.key.isRevoked else {
            throw SMMFError(.conflict, "\(stored.key.id) is revoked.", nextStep: "Make a new key.")
        }
        try request.validate(at: wallClock())
        if request.name != stored.key.name { try requireFreeName(request.name) }
        var next = stored.key
        next.name = request.name
        next.models = request.models
        next.limits = request.limits
        next.expires = request.expires
        try await save(next, "changed")
        return KeyStatus(next, keys[next.id]?.spending ?? .none, at: wallClock())
    }

    /// Revokes a key: every API server refuses it from now on. `forget` removes it with its figures as well; an API server
    /// on loopback that knows of no key at all asks for none.
    public func revokeKey(_ name: String, forget: Bool) async throws {
        var key = try existingKey(name).key
        if !key.isRevoked {
            key.isRevoked = true
            try await save(key, "revoked")
        }
        guard forget else { return }
        try await keyStore.remove(key.id)
        keys[key.id] = nil
        await noteKey(key, "forgotten")
    }

    private func save(_ key: APIKey, _ what: String) async throws {
        try await keyStore.save(key)
        keys[key.id]?.key = key
        await noteKey(key, what)
    }

    private func noteKey(_ key: APIKey, _ what: String) async {
        record(key.id.text, what)
        keyPublishing.keysChanged()
        await publishKeys()
    }

    /// A key by its id, or one that is not revoked by its name.
    private func existingKey(_ name: String) throws(SMMFError) -> StoredKey {
        if let stored = keys[KeyID(name)] ?? keys.values.first(where: { $0.key.name == name && !$0.key.isRevoked }) {
            return stored
        }
        let known = keys.keys.map(\.text) + keys.values.map(\.key.name)
        let near = NameSuggestion.nearest(to: name, among: known, limit: 3)
        throw SMMFError(
            .notFound,
            "There is no API key \(name).",
            field: "id",
            nextStep: near.isEmpty
                ? "smmf key list shows what there is." : "Did you mean \(near.joined(separator: " or "))?"
        )
    }

    private func requireFreeName(_ name: String) throws(SMMFError) {
        guard let other = keys.values.first(where: { $0.key.name == name && !$0.key.isRevoked }) else { return }
        throw SMMFError(
            .conflict,
            "The name \(name) is taken by \(other.key.id).",
            field: "name",
            nextStep: "Choose another, or revoke that key first with smmf key revoke \(other.key.id)."
        )
    }

    /// At the limit the oldest revoked key makes room.
    private func makeRoom() async throws {
        guard keys.count >= APIKey.limit else { return }
        let revoked = keys.values.filter(\.key.isRevoked).min { $0.key.created < $1.key.created }
        guard let revoked else {
            throw SMMFError(
                .conflict,
                "There are \(APIKey.limit) API keys, which is the most.",
                nextStep: "Revoke keys that nobody uses; smmf key list shows them."
            )
        }
        try await keyStore.remove(revoked.key.id)
        keys[revoked.key.id] = nil
    }

    // MARK: Publishing

    /// Publishes the keys where there is news. Publications never overtake each other, so that the last one to arrive is
    /// the newest.
    func publishKeys() async {
        let previous = keyPublishing.last
        let task = Task {
            await previous?.value
            await publishKeysNow()
        }
        keyPublishing.last = task
        await task.value
    }

    private func publishKeysNow() async {
        guard let cards = keyPublishing.begin(keys.values) else { return }
        do {
            try await registry.publish(keys: cards)
            keyPublishing.ended(true)
        } catch {
            keyPublishing.ended(false)
            logger.warning("the registry does not take the API keys", metadata: ["smmf.error": "\(error)"])
        }
    }
}

extension Controller: SpendingSink {
    /// Days between an API server's clock and ours, or that one was cut off, at the most.
    private static let farthestDay = 400

    public func add(_ report: SpendingReport) async throws -> [KeySpent] {
        guard report.entries.count <= SpendingReport.entryLimit, report.server.utf8.count <= 100 else {
            throw SMMFError(
                .invalidRequest,
                "A report has at most \(SpendingReport.entryLimit) entries and a server's name of 100 bytes.",
                field: "entries"
            )
        }
        let today = BudgetPeriod.day(of: wallClock())
        let days = (today - Self.farthestDay)...(today + Self.farthestDay)
        // A day that is far in the future would end every budget's period for good.
        if let wrong = report.entries.first(where: { !days.contains($0.day) || $0.tokens < 0 }) {
            throw SMMFError(
                .invalidRequest,
                "The entry for \(wrong.key) has the day \(wrong.day) and \(wrong.tokens) tokens, and today is \(today).",
                field: "entries",
                nextStep: "Check the clock of the API server."
            )
        }
        if try await keyStore.add(report) {
            for entry in report.entries {
                keys[entry.key]?.spending.add(entry.tokens, onDay: entry.day)
                if let stored = keys[entry.key] { keyPublishing.spent(stored, onDay: today) }
            }
            await publishKeys()
        }
        return Set(report.entries.map(\.key)).sorted().compactMap { id in
            keys[id].map { KeySpent(key: id, spending: $0.spending) }
        }
    }
}
