// SPDX-License-Identifier: MIT

/// Whose certificates the relay believes on `https://` endpoints.
public struct UpstreamTLS: Sendable, Hashable {
    /// A PEM file of authorities that are believed besides the system's.
    public var ca: String?
    /// Hosts, as `host` or `host:port`, whose certificates are not looked at.
    public var insecure: Set<String>

    /// Creates the settings; by default the system's authorities are believed, and nobody is exempt.
    public init(ca: String? = nil, insecure: Set<String> = []) {
        self.ca = ca
        self.insecure = insecure
    }
}
