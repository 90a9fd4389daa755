// SPDX-License-Identifier: MIT

/// Where instances are announced and watched: the model registration center.
///
/// A row lives as long as its lease is renewed. Rows are fenced: an announcement whose ``Instance/version`` is not
/// greater than the row's is refused, so that a deposed owner cannot turn back time.
public protocol Registry: Sendable {
    /// Adds or replaces a row; a nil lease keeps it until it is withdrawn. Throws ``RegistryError``.
    func announce(_ instance: Instance, lease: Duration?) async throws(RegistryError)
    /// Prolongs leases and returns the ids that are not there any more, for their owner to announce again.
    func renew(_ ids: [InstanceID], lease: Duration) async throws(RegistryError) -> [InstanceID]
    /// Removes a row; one that is not there is no error.
    func withdraw(_ id: InstanceID) async throws(RegistryError)
    /// Replaces the set of model cards; cards that did not change make no news.
    func publish(_ cards: [ModelCard]) async throws(RegistryError)
    /// Replaces the set of API keys, of which it gets digests and limits and never secrets; what did not change makes no
    /// news.
    func publish(keys: [KeyCard]) async throws(RegistryError)
    /// Waits for a change after `revision` and returns all changes since; returns everything at once for nil, or when
    /// `revision` is too old or of another epoch. Throws ``RegistryError/cancelled`` when its task is cancelled.
    func next(after revision: RegistryRevision?) async throws(RegistryError) -> RegistryUpdate
}
