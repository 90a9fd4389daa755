// SPDX-License-Identifier: MIT

/// By which provider's rules, and with which of its keys, an instance is called: each key of a deployment is an instance
/// of its own, so that keys share load, fail and rest as instances do.
public struct ProviderAccess: Sendable, Hashable, Codable {
    /// The provider's name.
    public var provider: String
    /// Nil where the provider asks for none.
    public var key: Secret?
    /// True where there is a key that the reader was not given, as it has shown no token.
    public var isWithheld: Bool?

    /// Creates an access.
    public init(provider: String, key: Secret? = nil) {
        self.provider = provider
        self.key = key
    }
}
