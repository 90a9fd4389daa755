// SPDX-License-Identifier: MIT

import SMMFWire

/// The token that Zhipu takes in the place of a key of the form `id.secret`: signed with the secret, and valid for a while.
public enum ZhipuToken {
    /// How long the vendor's own library makes it valid, in milliseconds.
    public static let validity = 210_000

    /// The token for a key at a time in milliseconds since 1970; nil when the key has no dot.
    public static func token(_ key: String, at milliseconds: Int, validity: Int = validity) -> String? {
        let parts = key.split(separator: ".", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let header: JSONTree = ["alg": "HS256", "sign_type": "SIGN"]
        let claims: JSONTree = [
            "api_key": .string(String(parts[0])), "exp": .number(milliseconds + validity),
            "timestamp": .number(milliseconds),
        ]
        let text = "\(Base64.urlText(header.bytes)).\(Base64.urlText(claims.bytes))"
        return "\(text).\(Base64.urlText(Hex.hmac(text, key: Array(parts[1].utf8))))"
    }
}
