// SPDX-License-Identifier: MIT

/// What a model thought before it spoke.
public struct ChatReasoning: Sendable, Hashable {
    /// The text, or the provider's sealed data when it is redacted.
    public var text: String
    /// Proves to the provider that the text is its own; must come back unchanged with the next request.
    public var signature: String?
    public var isRedacted: Bool

    /// Creates reasoning.
    public init(_ text: String, signature: String? = nil, isRedacted: Bool = false) {
        self.text = text
        self.signature = signature
        self.isRedacted = isRedacted
    }
}

/// How much a client wants the model to think.
public struct ReasoningWish: Sendable, Hashable {
    /// `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`, or a provider's own word.
    public var effort: String?
    /// Tokens.
    public var budget: Int?
    public var isEnabled: Bool?
    /// Whether the thoughts are wanted in the answer.
    public var isShown: Bool?

    /// Creates a wish.
    public init(effort: String? = nil, budget: Int? = nil, isEnabled: Bool? = nil, isShown: Bool? = nil) {
        self.effort = effort
        self.budget = budget
        self.isEnabled = isEnabled
        self.isShown = isShown
    }

    /// Whether nothing was said.
    public var isSilent: Bool { self == ReasoningWish() }

    /// The wish in tokens: zero for none, nil where nothing was said or only that there shall be some.
    public var tokens: Int? {
        if let budget { return budget }
        if isEnabled == false { return 0 }
        switch effort {
        case "none": return 0
        case "minimal", "low": return 1024
        case "medium": return 4096
        case "high": return 16_384
        case "xhigh", "max": return 32_768
        default: return nil
        }
    }

    /// The wish as a word of OpenAI; nil where nothing was said or only that there shall be some.
    public var word: String? {
        if let effort { return effort }
        guard let budget else { return isEnabled == false ? "none" : nil }
        if budget <= 0 { return budget == 0 ? "none" : nil }
        return budget < 2048 ? "low" : budget < 8192 ? "medium" : "high"
    }
}
