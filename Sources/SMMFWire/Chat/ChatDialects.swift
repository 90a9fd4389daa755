// SPDX-License-Identifier: MIT

/// Every dialect of chats; the law tests run over these lists, and a new dialect is one line here.
public enum ChatDialects {
    /// What clients speak.
    public static let clients: [any ChatClientDialect] = [
        OpenAIChatClient(), AnthropicClient(), GeminiClient(), OllamaClient(.chat), OllamaClient(.generate),
        ResponsesClient(),
    ]

    /// What backends speak.
    public static let backends: [any ChatBackendDialect] = [
        OpenAIChatBackend(.openAI), AnthropicBackend(), GeminiBackend(), OllamaBackend(),
        DashScopeBackend(), WenxinBackend(), BedrockBackend(), SparkBackend(),
    ]
}
