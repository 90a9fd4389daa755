// SPDX-License-Identifier: MIT

import Crypto
public import SMMFCore

/// The secret of an API key: made once, shown once, and kept nowhere. The one place that hashes secrets.
///
/// A fast hash is enough: a secret has 256 random bits, and no dictionary shortens the search for it.
public enum KeySecret {
    /// What every secret begins with, so that people and scanners of leaked secrets know it when they see one.
    public static let opening = "sk-smmf-"
    /// Random letters and digits behind the opening; 43 of 62 kinds are 256 bits.
    public static let randomLength = 43
    /// No secret is longer; a longer text is not worth hashing.
    public static let longest = 128
    /// How many of the random characters are shown in listings; the others still have 232 bits.
    static let shownLength = 4

    /// Makes a new secret.
    public static func fresh(using generator: inout some RandomNumberGenerator) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        let random = (0..<randomLength).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        return opening + String(random)
    }

    /// The beginning by which a person recognises a key in a listing.
    public static func prefix(of secret: String) -> String { String(secret.prefix(opening.count + shownLength)) }

    /// The digest of a secret's bytes.
    public static func digest(of secret: Span<UInt8>) -> KeyDigest {
        let hash = secret.withUnsafeBytes { SHA256.hash(data: $0) }
        return hash.withUnsafeBytes { bytes in
            func word(_ index: Int) -> UInt64 {
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            }
            return KeyDigest(word(0), word(1), word(2), word(3))
        }
    }

    /// The digest of a secret's text.
    public static func digest(of secret: String) -> KeyDigest { digest(of: Array(secret.utf8).span) }
}
