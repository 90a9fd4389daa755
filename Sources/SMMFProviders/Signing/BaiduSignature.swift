// SPDX-License-Identifier: MIT

public import SMMFWire

/// Baidu's signature of requests, `bce-auth-v1`: for its short-lived tokens, and for Wenxin without an access token.
public struct BaiduSignature: Sendable {
    public var accessKey: String
    public var secretKey: String
    /// For how many seconds a signature holds.
    public var validity = 1800

    /// Creates a signer.
    public init(accessKey: String, secretKey: String) {
        self.accessKey = accessKey
        self.secretKey = secretKey
    }

    /// The value of `authorization`; `x-bce-date` is sent beside it, with the time as RFC 3339 has it.
    public func authorization(
        method: String,
        host: String,
        path: String,
        query: [(name: String, value: String)] = [],
        at time: UTCTime
    ) -> String {
        let prefix = "bce-auth-v1/\(accessKey)/\(time.rfc3339)/\(validity)"
        // The key of the second digest is the first one's text, not its bytes.
        let key = Hex.text(Hex.hmac(prefix, key: Array(secretKey.utf8)))
        let pairs = query.map { "\(PathText.escaped($0.name))=\(PathText.escaped($0.value))" }.sorted()
        let canonical =
            "\(method)\n\(PathText.escaped(path, also: "/"))\n\(pairs.joined(separator: "&"))\n"
            + "host:\(PathText.escaped(host))\nx-bce-date:\(PathText.escaped(time.rfc3339))"
        return "\(prefix)/host;x-bce-date/\(Hex.text(Hex.hmac(canonical, key: Array(key.utf8))))"
    }
}
