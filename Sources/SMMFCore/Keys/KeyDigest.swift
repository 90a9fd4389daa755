// SPDX-License-Identifier: MIT

/// The SHA-256 of a key's secret: all that is kept of it. Four words, so that looking one up allocates nothing.
public struct KeyDigest: Sendable, Hashable, CustomStringConvertible {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// Bytes of a digest.
    public static let length = 32

    /// Wraps four words, the first bytes of the digest in the highest bits of the first word.
    public init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
    }

    /// Reads 64 hexadecimal digits; nil for anything else.
    public init?(_ text: String) {
        var words: [UInt64] = []
        var rest = Substring(text)
        guard text.utf8.count == 2 * Self.length, text.utf8.allSatisfy(Self.isDigit) else { return nil }
        while !rest.isEmpty {
            guard let word = UInt64(rest.prefix(16), radix: 16) else { return nil }
            words.append(word)
            rest = rest.dropFirst(16)
        }
        self.init(words[0], words[1], words[2], words[3])
    }

    /// The digest in lower-case hexadecimal.
    public var description: String {
        [first, second, third, fourth].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension KeyDigest: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let digest = KeyDigest(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "A digest has 64 hexadecimal digits."
            )
        }
        self = digest
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
