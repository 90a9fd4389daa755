// SPDX-License-Identifier: MIT

/// A key that applications call the API server with, as it is kept: all but the secret.
public struct APIKey: Sendable, Hashable, Codable {
    public let id: KeyID
    /// For people; unique among the keys that are not revoked.
    public var name: String
    /// The beginning of the secret, by which its owner recognises it.
    public let prefix: String
    public let digest: KeyDigest
    public var models: ModelScope
    public var limits: KeyLimits
    public let created: Timestamp
    /// From when on it is refused; nil for never.
    public var expires: Timestamp?
    public var isRevoked: Bool

    /// The most keys there may be, revoked ones included.
    public static let limit = 10_000

    /// Creates a record.
    public init(
        id: KeyID,
        name: String,
        prefix: String,
        digest: KeyDigest,
        models: ModelScope = .all,
        limits: KeyLimits = .none,
        created: Timestamp,
        expires: Timestamp? = nil,
        isRevoked: Bool = false
    ) {
        self.id = id
        self.name = name
        self.prefix = prefix
        self.digest = digest
        self.models = models
        self.limits = limits
        self.created = created
        self.expires = expires
        self.isRevoked = isRevoked
    }
}
