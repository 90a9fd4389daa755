// SPDX-License-Identifier: MIT

/// A piece of a message.
public struct ChatPart: Sendable, Hashable {
    /// What it is.
    public enum Content: Sendable, Hashable {
        case text(String)
        /// `detail` is OpenAI's word for how closely the model looks.
        case image(ChatMedia, detail: String?)
        case file(ChatMedia)
        case audio(ChatMedia)
        case reasoning(ChatReasoning)
        case toolCall(ToolCall)
        case toolResult(ToolResult)
        case refusal(String)
    }

    public var content: Content
    /// Marks the end of what the provider shall keep in its prompt cache.
    public var cache: CacheHint?

    /// Creates a part.
    public init(_ content: Content, cache: CacheHint? = nil) {
        self.content = content
        self.cache = cache
    }
}

/// A wish that everything up to here be kept for later requests.
public struct CacheHint: Sendable, Hashable {
    /// How long, in the provider's words, such as `1h`.
    public var ttl: String?

    /// Creates a hint.
    public init(ttl: String? = nil) { self.ttl = ttl }
}
