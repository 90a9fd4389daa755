// SPDX-License-Identifier: MIT

/// Names an API key in listings, logs and metrics; it says nothing about the secret.
public struct KeyID: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let text: String

    /// Wraps an id that was made before.
    public init(_ text: String) { self.text = text }

    /// Makes a new id.
    public static func fresh(using generator: inout some RandomNumberGenerator) -> KeyID {
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
        return KeyID(
            "key-" + String((0..<10).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
        )
    }

    public var description: String { text }

    public static func < (left: KeyID, right: KeyID) -> Bool { left.text < right.text }
}

extension KeyID: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
