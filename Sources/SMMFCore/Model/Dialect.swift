// SPDX-License-Identifier: MIT

/// Whose words a client or an instance speaks, such as OpenAI's. Same words on both sides are relayed byte by byte.
public struct Dialect: Sendable, Hashable, Codable, RawRepresentable, CustomStringConvertible {
    public let rawValue: String

    /// Creates a dialect by its name in configuration and listings.
    public init(rawValue: String) { self.rawValue = rawValue }

    public var description: String { rawValue }

    /// OpenAI's API, and for rerank the shape of Jina and Cohere, which most engines share.
    public static let openAI = Dialect(rawValue: "openai")
    /// Text Embeddings Inference's own rerank.
    public static let tei = Dialect(rawValue: "tei")
}
