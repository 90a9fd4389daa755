// SPDX-License-Identifier: MIT

/// Counting a conversation's tokens by OpenAI's chat API, which has no words for it: the conversation is sent, one token
/// of an answer is made, and the usage tells. Exact, and nothing is lost, as the engine keeps the prompt for the request
/// that usually follows.
public struct OpenAITokenCount: OperationDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "openai" }

    public func readRequest(_ input: ClientInput) throws(TranslationRefusal) -> ChatRequest {
        try OpenAIChatClient().read(input)
    }

    public func writeRequest(_ request: ChatRequest) throws(TranslationRefusal) -> TranslatedRequest {
        var asked = request
        asked.maxTokens = 1
        asked.streams = false
        asked.format = .text
        asked.reasoning = ReasoningWish()
        asked.toolChoice = nil
        return try OpenAIChatBackend().write(asked)
    }

    public func readAnswer(_ body: JSONTree, to request: ChatRequest) throws(NeutralError) -> TokenUsage {
        guard let count = body["usage"]?["prompt_tokens"]?.int, count >= 0 else {
            throw .unreadable("`usage.prompt_tokens` is missing")
        }
        return TokenUsage(prompt: count)
    }

    public func writeAnswer(_ answer: TokenUsage, to request: ChatRequest) throws(NeutralError) -> JSONTree {
        ["usage": ["prompt_tokens": .number(answer.prompt)]]
    }
}
