// SPDX-License-Identifier: MIT

/// What an embedding request asks of its vectors' form, beside what every engine gives: numbers of the model's own length.
public struct VectorWish: Sendable, Hashable {
    /// `encoding_format` is `base64`: the numbers as little-endian 32-bit floats.
    public var isBase64 = false
    /// `dimensions`: the vectors' length.
    public var dimensions: Int?

    /// Creates a wish.
    public init(isBase64: Bool = false, dimensions: Int? = nil) {
        self.isBase64 = isBase64
        self.dimensions = dimensions
    }

    /// Whether an engine may have to be helped.
    public var isSpecial: Bool { isBase64 || dimensions != nil }
}
