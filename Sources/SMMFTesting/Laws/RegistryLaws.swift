// SPDX-License-Identifier: MIT

public import SMMFCore

/// What every registry must keep, whatever stands behind it. Each law gets a registry of its own.
public struct RegistryLaws: Sendable {
    private let make: @Sendable (any Clock<Duration>) async throws -> any Registry

    /// Laws for the registries that `make` makes, empty, with leases on the given clock.
    public init(make: @escaping @Sendable (any Clock<Duration>) async throws -> any Registry) { self.make = make }

    /// The laws by name, for a test to run each.
    public var all: [(name: String, check: @Sendable () async throws -> Void)] {
        [
            ("an announced row is in the next snapshot", announced),
            ("a row is replaced by a greater version and never by an equal or smaller one", fenced),
            ("a watcher sees every change after its revision once and in order", watched),
            ("a lease that is not renewed ends its row", expired),
            ("a renewed lease keeps its row, and unknown ids are named", renewed),
            ("cards are replaced as a set, and unchanged ones make no news", cards),
            ("keys are replaced as a set, and unchanged ones make no news", keys),
            ("a waiting watcher ends when its task is cancelled", cancelled),
            ("a revision of another epoch gets a snapshot", foreignEpoch),
        ]
    }

    private func row(_ id: String, version: UInt64 = 1, state: InstanceState = .ready) -> Instance {
        var row = Instance(id: InstanceID(id), model: .example, state: state, version: version)
        row.endpoint = Endpoint(host: "127.0.0.1", port: 9101)
        return row
    }

    private func announced() async throws {
        let registry = try await make(ManualClock())
        try await registry.announce(row("a"), lease: .seconds(10))
        try await registry.announce(row("b"), lease: nil)
        let update = try await registry.next(after: nil)
        try LawViolation.unless(update.isSnapshot, "the first update must be a snapshot")
        try LawViolation.unless(Set(update.changes) == [.put(row("a")), .put(row("b"))], "got \(update.changes)")
    }

    private func fenced() async throws {
        let registry = try await make(ManualClock())
        try await registry.announce(row("a", version: 5, state: .loading), lease: nil)
        for version in [4, 5] as [UInt64] {
            do {
                try await registry.announce(row("a", version: version), lease: nil)
                throw LawViolation("version \(version) replaced version 5")
            } catch RegistryError.outdated(let held) {
                try LawViolation.unless(held == 5, "the refusal names version \(held) instead of 5")
            }
        }
        try await registry.announce(row("a", version: 6), lease: nil)
        let update = try await registry.next(after: nil)
        try LawViolation.unless(update.changes == [.put(row("a", version: 6))], "got \(update.changes)")
    }

    private func watched() async throws {
        let registry = try await make(ManualClock())
        let start = try await registry.next(after: nil)
        try await registry.announce(row("a"), lease: nil)
        try await registry.announce(row("b"), lease: nil)
        let first = try await registry.next(after: start.revision)
        try LawViolation.unless(!first.isSnapshot, "a watcher that missed two changes must not get a snapshot")
        try LawViolation.unless(first.changes == [.put(row("a")), .put(row("b"))], "got \(first.changes)")
        async let following = registry.next(after: first.revision)
        try await registry.withdraw(InstanceID("a"))
        let second = try await following
        try LawViolation.unless(second.changes == [.removed(InstanceID("a"))], "got \(second.changes)")
    }

    private func expired() async throws {
        let clock = ManualClock()
        let registry = try await make(clock)
        try await registry.announce(row("short"), lease: .seconds(3))
        try await registry.announce(row("long"), lease: .seconds(30))
        let before = try await registry.next(after: nil)
        try await clock.waitForSleepers(1)
        clock.advance(by: .seconds(4))
        let after = try await registry.next(after: before.revision)
        try LawViolation.unless(after.changes == [.removed(InstanceID("short"))], "got \(after.changes)")
    }

    private func renewed() async throws {
        let clock = ManualClock()
        let registry = try await make(clock)
        try await registry.announce(row("a"), lease: .seconds(3))
        try await clock.waitForSleepers(1)
        clock.advance(by: .seconds(2))
        let unknown = try await registry.renew([InstanceID("a"), InstanceID("ghost")], lease: .seconds(30))
        try LawViolation.unless(unknown == [InstanceID("ghost")], "unknown ids are \(unknown)")
        clock.advance(by: .seconds(5))
        let update = try await registry.next(after: nil)
        try LawViolation.unless(update.changes == [.put(row("a"))], "got \(update.changes)")
    }

    private func cards() async throws {
        let registry = try await make(ManualClock())
        let other = try ModelName("other")
        try await registry.publish([ModelCard(name: .example), ModelCard(name: other)])
        let first = try await registry.next(after: nil)
        try await registry.publish([ModelCard(name: .example), ModelCard(name: other)])
        try await registry.publish([ModelCard(name: .example, policy: "random")])
        let second = try await registry.next(after: first.revision)
        let expected: Set<RegistryChange> = [
            .removedCard(other), .putCard(ModelCard(name: .example, policy: "random")),
        ]
        try LawViolation.unless(Set(second.changes) == expected, "got \(second.changes)")
        try LawViolation.unless(second.changes.count == 2, "unchanged cards made news: \(second.changes)")
    }

    private func keys() async throws {
        func card(_ id: String, limit: Int? = nil, isRevoked: Bool = false) -> KeyCard {
            KeyCard(
                APIKey(
                    id: KeyID(id),
                    name: id,
                    prefix: "sk-smmf-abcd",
                    digest: KeyDigest(1, 2, 3, 4),
                    limits: KeyLimits(requestsPerMinute: limit),
                    created: Timestamp(milliseconds: 0),
                    isRevoked: isRevoked
                )
            )
        }
        let registry = try await make(ManualClock())
        try await registry.publish([ModelCard(name: .example)])
        try await registry.publish(keys: [card("a"), card("b"), card("c")])
        let first = try await registry.next(after: nil)
        let snapshot: Set<RegistryChange> = [
            .putCard(ModelCard(name: .example)), .putKey(card("a")), .putKey(card("b")), .putKey(card("c")),
        ]
        try LawViolation.unless(Set(first.changes) == snapshot, "got \(first.changes)")
        try await registry.publish(keys: [card("c"), card("b"), card("a")])
        try await registry.publish(keys: [card("a"), card("b", limit: 7, isRevoked: true)])
        let second = try await registry.next(after: first.revision)
        let expected: Set<RegistryChange> = [
            .removedKey(KeyID("c")), .putKey(card("b", limit: 7, isRevoked: true)),
        ]
        try LawViolation.unless(Set(second.changes) == expected, "got \(second.changes)")
        try LawViolation.unless(second.changes.count == 2, "unchanged keys made news: \(second.changes)")
    }

    private func cancelled() async throws {
        let registry = try await make(ManualClock())
        let start = try await registry.next(after: nil)
        let watcher = Task { try await registry.next(after: start.revision) }
        watcher.cancel()
        do {
            _ = try await watcher.value
            throw LawViolation("a cancelled watcher got an update out of nothing")
        } catch RegistryError.cancelled {
            return
        }
    }

    private func foreignEpoch() async throws {
        let registry = try await make(ManualClock())
        try await registry.announce(row("a"), lease: nil)
        let present = try await registry.next(after: nil)
        let foreign = RegistryRevision(epoch: present.revision.epoch &+ 1, number: present.revision.number)
        let update = try await registry.next(after: foreign)
        try LawViolation.unless(update.isSnapshot && update.changes == [.put(row("a"))], "got \(update)")
    }
}
