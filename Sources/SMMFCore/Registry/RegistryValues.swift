// SPDX-License-Identifier: MIT

/// A point in a registry's history. Numbers compare within one epoch; a registry that lost its memory starts another.
public struct RegistryRevision: Sendable, Hashable, Codable {
    public var epoch: UInt64
    public var number: UInt64

    /// Creates a revision.
    public init(epoch: UInt64, number: UInt64) {
        self.epoch = epoch
        self.number = number
    }
}

/// One row's change.
public enum RegistryChange: Sendable, Hashable, Codable {
    case put(Instance)
    case removed(InstanceID)
    case putCard(ModelCard)
    case removedCard(ModelName)
    case putKey(KeyCard)
    case removedKey(KeyID)
}

/// What a watcher gets: the whole content, or what changed.
public struct RegistryUpdate: Sendable, Hashable, Codable {
    /// Give this to ``Registry/next(after:)`` for what follows.
    public var revision: RegistryRevision
    /// True when `changes` are puts of every row there is; rows not named are gone.
    public var isSnapshot: Bool
    public var changes: [RegistryChange]

    /// Creates an update.
    public init(revision: RegistryRevision, isSnapshot: Bool, changes: [RegistryChange]) {
        self.revision = revision
        self.isSnapshot = isSnapshot
        self.changes = changes
    }
}

extension RegistryUpdate {
    /// The same without providers' keys, for those who have not shown who they are.
    public var withoutSecrets: RegistryUpdate {
        var copy = self
        copy.changes = changes.map { change in
            guard case .put(var instance) = change, instance.access?.key != nil else { return change }
            instance.access?.key = nil
            instance.access?.isWithheld = true
            return .put(instance)
        }
        return copy
    }
}

/// Why a registry refused or failed.
public enum RegistryError: Error, Sendable, Hashable {
    /// The row has this version or a greater one already.
    case outdated(version: UInt64)
    /// It holds as many rows as it may.
    case full(limit: Int)
    /// It cannot be reached or failed; the text says how.
    case unavailable(String)
    /// The caller's task was cancelled.
    case cancelled
}
