// SPDX-License-Identifier: MIT

import SMMFWire

/// Providers whose chat API has words of its own. Paths of requests that are translated come from the dialect.
extension Providers {
    static let native: [Provider] = [
        Provider(
            "anthropic",
            "Anthropic",
            "https://api.anthropic.com",
            keys: "ANTHROPIC_API_KEY",
            speaks: AnthropicBackend(),
            paths: ["chat": "/v1/messages", "count_tokens": "/v1/messages/count_tokens"]
        ).with {
            $0.auth = .field("x-api-key")
            $0.lines = "anthropic-version: 2023-06-01\r\n"
            $0.passedFields = ["anthropic-beta"]
        },
        Provider(
            "gemini-native",
            "Google Gemini, native",
            "https://generativelanguage.googleapis.com",
            keys: "GEMINI_API_KEY",
            "GOOGLE_API_KEY",
            speaks: GeminiBackend(),
            paths: [
                "chat": "/v1beta/models/{model}:generateContent",
                "count_tokens": "/v1beta/models/{model}:countTokens",
                "embedding": "/v1beta/models/{model}:batchEmbedContents",
            ]
        ).with { $0.auth = .field("x-goog-api-key") },
        Provider(
            "dashscope",
            "Alibaba DashScope, native",
            "https://dashscope.aliyuncs.com",
            keys: "DASHSCOPE_API_KEY",
            speaks: DashScopeBackend(),
            paths: ["chat": "/api/v1/services/aigc/text-generation/generation"]
        ),
        Provider(
            "bedrock",
            "AWS Bedrock",
            "https://bedrock-runtime.{region}.amazonaws.com",
            keys: "AWS_BEARER_TOKEN_BEDROCK",
            speaks: BedrockBackend(),
            paths: ["chat": "/model/{model}/converse"]
        ).with {
            $0.defaults = ["region": "us-east-1"]
            $0.auth = .aws(service: "bedrock")
        },
        Provider(
            "ollama-cloud",
            "Ollama cloud",
            "https://ollama.com",
            keys: "OLLAMA_API_KEY",
            speaks: OllamaBackend(),
            paths: ["chat": "/api/chat", "embedding": "/api/embed"]
        ),
    ]
}
