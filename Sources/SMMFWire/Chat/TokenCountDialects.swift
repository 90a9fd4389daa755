// SPDX-License-Identifier: MIT

/// Every way to ask how many tokens a conversation is; the law tests run over this list.
public enum TokenCountDialects {
    /// All of them; a new one is one file and one line here.
    public static let all: [any OperationDialect<ChatRequest, TokenUsage>] = [
        AnthropicTokenCount(), GeminiTokenCount(), OpenAITokenCount(),
    ]
}
