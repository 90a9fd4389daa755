// SPDX-License-Identifier: MIT

import Crypto

/// Digests for signatures.
enum Hex {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The SHA-256 digest in hexadecimal.
    static func sha256(_ bytes: some Sequence<UInt8>) -> String { text(SHA256.hash(data: Array(bytes))) }

    static func hmac(_ text: String, key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }
}
