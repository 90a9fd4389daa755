// SPDX-License-Identifier: MIT

/// What every API server must know of a key; published by the controller into the registry. Revoked keys stay in it, so
/// that their users learn why they are refused.
public struct KeyCard: Sendable, Hashable, Codable {
    public var id: KeyID
    public var digest: KeyDigest
    public var models: ModelScope
    public var limits: KeyLimits
    public var expires: Timestamp?
    public var isRevoked: Bool
    /// What it has spent, as far as the controller knew when it published; nil without a budget.
    public var spending: KeySpending?

    /// Creates the card of a key.
    public init(_ key: APIKey, spending: KeySpending? = nil) {
        id = key.id
        digest = key.digest
        models = key.models
        limits = key.limits
        expires = key.expires
        isRevoked = key.isRevoked
        self.spending = spending
    }
}
