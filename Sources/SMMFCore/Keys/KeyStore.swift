// SPDX-License-Identifier: MIT

/// Where the controller keeps API keys and what they have spent. A write that returned survives a kill.
public protocol KeyStore: Sendable {
    /// Everything that was saved, in the order of ids. Throws ``SMMFError`` with code `storage` when it cannot be read.
    func load() async throws -> [StoredKey]
    /// Adds or replaces a key; what it has spent stays.
    func save(_ key: APIKey) async throws
    /// Removes a key and what it has spent; one that is not there is no error.
    func remove(_ id: KeyID) async throws
    /// Adds what a report says, as a whole or not at all, and returns whether it did: a report whose number is not
    /// greater than the last one of its server was added before. Keys that are not there are passed over.
    func add(_ report: SpendingReport) async throws -> Bool
}

/// A key with what it has spent.
public struct StoredKey: Sendable, Hashable {
    public var key: APIKey
    public var spending: KeySpending

    /// Pairs a key with its spending.
    public init(key: APIKey, spending: KeySpending = .none) {
        self.key = key
        self.spending = spending
    }
}
