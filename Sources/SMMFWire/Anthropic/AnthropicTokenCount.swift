// SPDX-License-Identifier: MIT

/// `/v1/messages/count_tokens` of Anthropic: a conversation and its tools, answered by how many tokens they are.
public struct AnthropicTokenCount: OperationDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "anthropic" }

    public func readRequest(_ input: ClientInput) throws(TranslationRefusal) -> ChatRequest {
        try AnthropicClient().read(input)
    }

    public func writeRequest(_ request: ChatRequest) throws(TranslationRefusal) -> TranslatedRequest {
        var body: JSONObject = ["model": .string(request.model)]
        try AnthropicBackend().writeConversation(request, &body)
        let path = "/v1/messages/count_tokens"
        return TranslatedRequest(path: path, body: JSONTree.object(body).bytes)
    }

    public func readAnswer(_ body: JSONTree, to request: ChatRequest) throws(NeutralError) -> TokenUsage {
        guard let count = body["input_tokens"]?.int, count >= 0 else { throw .unreadable("`input_tokens` is missing") }
        return TokenUsage(prompt: count)
    }

    public func writeAnswer(_ answer: TokenUsage, to request: ChatRequest) throws(NeutralError) -> JSONTree {
        ["input_tokens": .number(answer.prompt)]
    }
}
