// SPDX-License-Identifier: MIT

/// Why no answer came, as far as the HTTP client's error tells.
public enum NetworkTrouble: Sendable, Hashable {
    /// The host's name is unknown.
    case name
    /// Nobody listens there, or something on the way says no.
    case refused
    /// No answer in time.
    case timeout
    /// The server's certificate is not one to be believed.
    case certificate
    /// TLS came to nothing for another reason, such as a server that does not speak it.
    case handshake
    /// Something else; the text is the client's.
    case other(String)

    /// Reads the error of a call; the client's errors are told apart by their texts, as their types are several packages'.
    public init(_ error: any Error) {
        let text = String(String(describing: error).prefix(2_000))
        let words = text.lowercased()
        func has(_ any: String...) -> Bool { any.contains { words.contains($0) } }
        // TLS first: a connection that fails in its handshake is wrapped in an error about connecting.
        if has("certificate_verify_failed", "unable to validate certificate", "certificate has expired") {
            self = .certificate
        } else if has("handshake", "boringssl", "wrong_version_number", "niossl") {
            self = .handshake
        } else if has("unknownhost", "name or service not known", "nodename nor servname", "dns error") {
            self = .name
        } else if has("timeout", "timed out", "deadlineexceeded") {
            self = .timeout
        } else if has(
            "econnrefused",
            "connection refused",
            "errno: 111",
            "errno: 61",
            "unreachable",
            "connection reset"
        ) {
            self = .refused
        } else {
            self = .other(text)
        }
    }
}
