// SPDX-License-Identifier: MIT

/// The certificate of a listener that speaks TLS, as PEM files. They are read again when they change; new connections get
/// the new certificate.
public struct ListenerTLS: Sendable, Hashable {
    /// The certificate, followed by those that lead to its authority.
    public var certificate: String
    /// The private key.
    public var key: String
    /// The authority that a client's certificate must come from; no client is asked for one when nil.
    public var clientCA: String?
    /// How often the files are looked at.
    public var reloadInterval: Duration = .seconds(5)

    /// Creates the settings.
    public init(certificate: String, key: String, clientCA: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientCA = clientCA
    }
}
