// SPDX-License-Identifier: MIT

/// `:countTokens` of Gemini's API.
public struct GeminiTokenCount: OperationDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "gemini" }

    public func readRequest(_ input: ClientInput) throws(TranslationRefusal) -> ChatRequest {
        var input = input
        // Whole requests stand one level deeper.
        if let inner = input.body["generateContentRequest"]?.present { input.body = inner }
        input.body["model"] = nil
        return try GeminiClient().read(input)
    }

    public func writeRequest(_ request: ChatRequest) throws(TranslationRefusal) -> TranslatedRequest {
        let sent = try GeminiBackend().write(request)
        guard var inner = try? JSONTree(sent.body) else { throw .unsaid("contents") }
        inner["model"] = .string("models/\(request.model)")
        let path = GeminiPath.path(request.model, "countTokens")
        let body: JSONTree = ["generateContentRequest": inner]
        return TranslatedRequest(path: path, body: body.bytes)
    }

    public func readAnswer(_ body: JSONTree, to request: ChatRequest) throws(NeutralError) -> TokenUsage {
        guard let count = body["totalTokens"]?.int, count >= 0 else { throw .unreadable("`totalTokens` is missing") }
        return TokenUsage(prompt: count)
    }

    public func writeAnswer(_ answer: TokenUsage, to request: ChatRequest) throws(NeutralError) -> JSONTree {
        ["totalTokens": .number(answer.prompt)]
    }
}
