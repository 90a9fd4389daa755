// SPDX-License-Identifier: MIT

/// The public name a client asks for: 1 to 200 visible ASCII characters without quotes or backslashes.
///
/// The narrow alphabet lets a name stand in a URL path, a JSON string, a metric label and a log line unescaped.
public struct ModelName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name's text.
    public let text: String

    /// The longest name accepted, in bytes.
    public static let longest = 200

    /// Creates a name, or throws ``SMMFError`` with the field `name` when the text is no name.
    public init(_ text: String) throws(SMMFError) {
        guard Self.isValid(text) else {
            throw SMMFError(
                .invalidRequest,
                "A model's name has 1 to \(Self.longest) visible ASCII characters and no quote, backslash or space.",
                field: "name"
            )
        }
        self.text = text
    }

    private init(unchecked text: String) { self.text = text }

    /// A valid name for examples and documents.
    public static let example = ModelName(unchecked: "qwen3-8b")

    /// Whether `text` can be a model's name.
    public static func isValid(_ text: String) -> Bool {
        let bytes = text.utf8
        return !bytes.isEmpty && bytes.count <= longest
            && bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }

    public var description: String { text }

    public static func < (left: ModelName, right: ModelName) -> Bool { left.text < right.text }
}

extension ModelName: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
