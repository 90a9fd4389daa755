// SPDX-License-Identifier: MIT

public import SMMFCore

/// Every key that the request path knows, as one immutable value that event loops hold and read without a lock. A
/// change makes a new table.
public final class KeyTable: Sendable {
    /// No key is asked for.
    public static let open = KeyTable([], isRequired: false)

    /// Whether a request must carry a key.
    public let isRequired: Bool
    private let entries: [KeyDigest: KeyEntry]

    /// Creates a table.
    public init(_ entries: [KeyEntry], isRequired: Bool) {
        self.isRequired = isRequired
        self.entries = Dictionary(entries.map { ($0.digest, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether there is no key at all.
    public var isEmpty: Bool { entries.isEmpty }
    /// The keys in the order of their ids.
    public var sorted: [KeyEntry] { entries.values.sorted { $0.id < $1.id } }

    /// The key whose secret has this digest, or nil. The time it takes does not depend on how many keys there are, nor
    /// on how much of a wrong digest is right: nobody can choose the digest of a guess.
    public func entry(for digest: KeyDigest) -> KeyEntry? { entries[digest] }
}
