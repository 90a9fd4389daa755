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
            "vertex-native",
            "Google Vertex AI, native",
            "https://{location}-aiplatform.googleapis.com/v1/projects/{project}/locations/{location}/publishers/google",
            keys: "VERTEX_ACCESS_TOKEN",
            speaks: {
                var backend = GeminiBackend()
                backend.prefix = "/models/"
                return backend
            }(),
            paths: ["chat": "/models/{model}:generateContent", "count_tokens": "/models/{model}:countTokens"]
        ).with { $0.defaults = ["location": "us-central1"] },
        Provider(
            "wenxin",
            "Baidu Wenxin",
            "https://aip.baidubce.com",
            // The two halves of a key with a colon between them.
            keys: "WENXIN_API_KEY",
            "WEN_XIN_API_KEY",
            speaks: WenxinBackend(),
            paths: ["chat": "/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/{model}"]
        ).with { $0.auth = .baidu },
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
