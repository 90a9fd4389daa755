// SPDX-License-Identifier: MIT

package import SMMFCore

/// A registry's content as a value: rows with leases, model cards, API keys, and a bounded history of changes.
///
/// `now` is monotonic time since any fixed moment. Every mutation says nothing to anybody: its owner looks at
/// ``revision`` and wakes whoever waits.
package struct RegistryTable: Sendable {
    private struct Row {
        var instance: Instance
        var expires: Duration?
    }

    private var rows: [InstanceID: Row] = [:]
    private var cards: [ModelName: ModelCard] = [:]
    private var keys: [KeyID: KeyCard] = [:]
    /// The last changes; the newest has the number ``revision``.
    private var history: [RegistryChange] = []
    package private(set) var revision: RegistryRevision

    /// The most rows, and the most changes kept for watchers that fell behind.
    static let rowLimit = 100_000
    static let historyLimit = 4096

    /// Creates an empty table; `epoch` must differ from every earlier one of the same registry.
    package init(epoch: UInt64) {
        revision = RegistryRevision(epoch: epoch, number: 0)
    }

    /// See ``Registry/announce(_:lease:)``.
    package mutating func announce(_ instance: Instance, lease: Duration?, at now: Duration) throws(RegistryError) {
        if let row = rows[instance.id] {
            guard instance.version > row.instance.version else {
                throw .outdated(version: row.instance.version)
            }
        } else if rows.count >= Self.rowLimit {
            throw .full(limit: Self.rowLimit)
        }
        rows[instance.id] = Row(instance: instance, expires: lease.map { now + $0 })
        record(.put(instance))
    }

    /// See ``Registry/renew(_:lease:)``.
    package mutating func renew(_ ids: [InstanceID], lease: Duration, at now: Duration) -> [InstanceID] {
        ids.filter { id in
            guard rows[id] != nil else { return true }
            rows[id]?.expires = now + lease
            return false
        }
    }

    /// See ``Registry/withdraw(_:)``.
    package mutating func withdraw(_ id: InstanceID) {
        if rows.removeValue(forKey: id) != nil { record(.removed(id)) }
    }

    /// See ``Registry/publish(_:)``.
    package mutating func publish(_ published: [ModelCard]) {
        let next = Dictionary(published.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for name in cards.keys.sorted() where next[name] == nil {
            cards[name] = nil
            record(.removedCard(name))
        }
        for card in next.values.sorted(by: { $0.name < $1.name }) where cards[card.name] != card {
            cards[card.name] = card
            record(.putCard(card))
        }
    }

    /// See ``Registry/publish(keys:)``.
    package mutating func publish(keys published: [KeyCard]) {
        let next = Dictionary(published.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for id in keys.keys.sorted() where next[id] == nil {
            keys[id] = nil
            record(.removedKey(id))
        }
        for key in next.values.sorted(by: { $0.id < $1.id }) where keys[key.id] != key {
            keys[key.id] = key
            record(.putKey(key))
        }
    }

    /// Removes the rows whose lease has run out.
    package mutating func expire(at now: Duration) {
        let gone = rows.values.filter { row in row.expires.map { $0 <= now } ?? false }
        for row in gone { withdraw(row.instance.id) }
    }

    /// When the next lease runs out, if any.
    package var nextExpiry: Duration? { rows.values.compactMap(\.expires).min() }

    /// What happened after `seen`; nil when nothing did.
    package func update(after seen: RegistryRevision?) -> RegistryUpdate? {
        guard let seen, seen.epoch == revision.epoch, seen.number <= revision.number else { return snapshot }
        let missed = Int(revision.number - seen.number)
        guard missed > 0 else { return nil }
        guard missed <= history.count else { return snapshot }
        return RegistryUpdate(revision: revision, isSnapshot: false, changes: Array(history.suffix(missed)))
    }

    private var snapshot: RegistryUpdate {
        let puts = rows.values.map(\.instance).sorted { $0.id < $1.id }.map { RegistryChange.put($0) }
        let cardPuts = cards.values.sorted { $0.name < $1.name }.map { RegistryChange.putCard($0) }
        let keyPuts = keys.values.sorted { $0.id < $1.id }.map { RegistryChange.putKey($0) }
        return RegistryUpdate(revision: revision, isSnapshot: true, changes: keyPuts + cardPuts + puts)
    }

    private mutating func record(_ change: RegistryChange) {
        revision.number += 1
        history.append(change)
        // Dropping half at once keeps the cost of a change constant on average.
        if history.count > Self.historyLimit { history.removeFirst(Self.historyLimit / 2) }
    }
}
