// SPDX-License-Identifier: MIT

/// Names one running copy of a model, for ever: an id is not used again after its instance ended.
public struct InstanceID: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let text: String

    /// Wraps an id that was made before; any text is accepted, as it only ever names a row.
    public init(_ text: String) { self.text = text }

    /// Makes a new id, readable in a log: the model's name and eight random letters and digits.
    public static func fresh(for model: ModelName, using generator: inout some RandomNumberGenerator) -> InstanceID {
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
        let suffix = (0..<8).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        let stem = model.text.map { $0.isLetter || $0.isNumber || $0 == "." ? $0 : "-" }
        return InstanceID("\(String(stem.prefix(40)))-\(String(suffix))")
    }

    public var description: String { text }

    public static func < (left: InstanceID, right: InstanceID) -> Bool { left.text < right.text }
}

extension InstanceID: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
