// SPDX-License-Identifier: MIT

/// A key or token that no log, error, listing or process list may show.
///
/// It describes itself by its first and last characters, and encodes itself so too, unless the encoder was told to
/// reveal it: only stores and registries are.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The secret itself; of one that was read from a listing, what the listing shows.
    public let revealed: String
    /// Whether it was read from a listing, so that it is good for showing and for nothing else.
    public let isMasked: Bool

    /// The longest secret in bytes.
    public static let longest = 16_384
    /// Stands in the masked form, and in no key.
    private static let mask: Character = "…"

    /// Throws ``SMMFError`` with `field` where the text cannot stand in a header line.
    public init(_ text: String, field: String = "api_key") throws(SMMFError) {
        func refuse(_ why: String) -> SMMFError {
            SMMFError(
                .invalidRequest,
                "The key \(why).",
                field: field,
                nextStep: "Paste it again, without white space."
            )
        }
        guard !text.isEmpty else { throw refuse("is empty") }
        guard !text.contains(Self.mask) else { throw refuse("is masked, as listings show it; the whole one is needed") }
        guard text.utf8.count <= Self.longest else { throw refuse("is longer than \(Self.longest) bytes") }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw refuse("has a space, a line break or another character that no key has")
        }
        revealed = text
        isMasked = false
    }

    private init(masked text: String) {
        revealed = text
        isMasked = true
    }

    /// Enough of it to tell it from others.
    public var masked: String {
        if isMasked { return revealed }
        guard revealed.count >= 16 else { return "\(Self.mask)" }
        return "\(revealed.prefix(4))\(Self.mask)\(revealed.suffix(4))"
    }

    public var description: String { masked }
    public var debugDescription: String { masked }
    public var customMirror: Mirror { Mirror(self, children: ["secret": masked]) }
}

extension CodingUserInfoKey {
    /// Set to true on an encoder whose output is a store's or a registry's, so that ``Secret`` is written whole.
    public static var revealsSecrets: CodingUserInfoKey? { CodingUserInfoKey(rawValue: "smmf.reveals-secrets") }
    /// Set to true on a decoder that reads listings, so that a masked ``Secret`` is no error.
    public static var takesMasks: CodingUserInfoKey? { CodingUserInfoKey(rawValue: "smmf.takes-masks") }
}

extension Secret: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let takesMasks = CodingUserInfoKey.takesMasks.flatMap { decoder.userInfo[$0] as? Bool } ?? false
        if takesMasks, text.contains(Self.mask), text.utf8.count <= Self.longest {
            self.init(masked: text)
        } else {
            try self.init(text)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        let reveals = CodingUserInfoKey.revealsSecrets.flatMap { encoder.userInfo[$0] as? Bool } ?? false
        var container = encoder.singleValueContainer()
        try container.encode(reveals ? revealed : masked)
    }
}
