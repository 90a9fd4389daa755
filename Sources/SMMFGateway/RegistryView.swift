// SPDX-License-Identifier: MIT

package import SMMFCore

/// What an API Server believes of the registry; a value that updates are applied to.
///
/// It distrusts losses: when a registry comes back with an empty memory (another epoch), rows that it does not name yet
/// are kept for a grace time, in which their owners announce them again. A watch that breaks changes nothing at all.
///
/// `now` is monotonic time since any fixed moment.
package struct RegistryView: Sendable {
    package private(set) var instances: [InstanceID: Instance] = [:]
    package private(set) var cards: [ModelName: ModelCard] = [:]
    package private(set) var keys: [KeyID: KeyCard] = [:]
    package private(set) var revision: RegistryRevision?
    /// Rows of an earlier epoch that the present one does not know, and until when they are kept.
    private var ghosts: [InstanceID: Duration] = [:]

    /// How long rows survive a registry that lost its memory: a worker's lease and a bit.
    package static let graceTime: Duration = .seconds(15)

    /// Creates an empty view.
    package init() {}

    /// Takes an update.
    package mutating func apply(_ update: RegistryUpdate, at now: Duration) {
        let isNewEpoch = revision.map { $0.epoch != update.revision.epoch } ?? false
        if update.isSnapshot { applySnapshot(update, keepsMissing: isNewEpoch, at: now) }
        for change in update.changes { apply(change) }
        revision = update.revision
    }

    /// Lets go of rows whose grace is over; returns whether anything changed.
    package mutating func expire(at now: Duration) -> Bool {
        let gone = ghosts.filter { $0.value <= now }.keys
        for id in gone {
            ghosts[id] = nil
            instances[id] = nil
        }
        return !gone.isEmpty
    }

    /// When the next grace ends, if any runs.
    package var nextExpiry: Duration? { ghosts.values.min() }

    private mutating func applySnapshot(_ update: RegistryUpdate, keepsMissing: Bool, at now: Duration) {
        var named: Set<InstanceID> = []
        var namesCards = false
        var namesKeys = false
        for change in update.changes {
            switch change {
            case .put(let instance): named.insert(instance.id)
            case .putCard: namesCards = true
            case .putKey: namesKeys = true
            case .removed, .removedCard, .removedKey: break
            }
        }
        for id in instances.keys where !named.contains(id) {
            if keepsMissing {
                ghosts[id] = now + Self.graceTime
            } else if ghosts[id] == nil {
                instances[id] = nil
            }
        }
        // A controller that just started publishes its cards a moment after its registry opens.
        if !keepsMissing || namesCards { cards = [:] }
        // A registry that lost its memory must not open a server that asks for keys.
        if !keepsMissing || namesKeys { keys = [:] }
    }

    private mutating func apply(_ change: RegistryChange) {
        switch change {
        case .put(let instance):
            instances[instance.id] = instance
            ghosts[instance.id] = nil
        case .removed(let id):
            instances[id] = nil
            ghosts[id] = nil
        case .putCard(let card): cards[card.name] = card
        case .removedCard(let name): cards[name] = nil
        case .putKey(let key): keys[key.id] = key
        case .removedKey(let id): keys[id] = nil
        }
    }
}
