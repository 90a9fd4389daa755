// SPDX-License-Identifier: MIT

import SMMFWire

/// Providers of OpenAI's shape.
extension Providers {
    static let world: [Provider] = [
        Provider(
            "openai",
            "OpenAI",
            "https://api.openai.com/v1",
            keys: "OPENAI_API_KEY",
            paths: [
                "completion": "/v1/completions", "image": "/v1/images/generations", "speech": "/v1/audio/speech",
                "transcription": "/v1/audio/transcriptions", "moderation": "/v1/moderations",
            ]
        ) { shape in
            shape = .openAI
            shape.rules = [.atMost("stop", 4)]
        }.with { $0.batchLimit = 2048 },
        Provider(
            "azure",
            "Azure OpenAI",
            "https://{resource}.openai.azure.com/openai/v1",
            keys: "AZURE_OPENAI_API_KEY",
            "AZURE_OPENAI_KEY",
            paths: ["completion": "/v1/completions"]
        ) { shape in
            shape = .openAI
            shape.name = "azure"
            // What is called a quota here is a rate, and a missing deployment a missing model.
            shape.errors = ErrorMap([
                ErrorMap.Rule(.contentFilter, ["content_filter"]), ErrorMap.Rule(.notFound, ["DeploymentNotFound"]),
                ErrorMap.Rule(.rateLimit, ["429"]), ErrorMap.Rule(.badKey, ["401"]),
            ])
        }.with {
            $0.auth = .field("api-key")
            $0.batchLimit = 2048
        },
        Provider(
            "azure-deployments",
            "Azure OpenAI by deployments",
            "https://{resource}.openai.azure.com",
            keys: "AZURE_OPENAI_API_KEY",
            "AZURE_OPENAI_KEY",
            paths: [
                "chat": "/openai/deployments/{model}/chat/completions?api-version=2024-10-21",
                "completion": "/openai/deployments/{model}/completions?api-version=2024-10-21",
                "embedding": "/openai/deployments/{model}/embeddings?api-version=2024-10-21",
            ]
        ) { shape in
            shape = .openAI
            shape.name = "azure-deployments"
            shape.errors = ErrorMap([
                ErrorMap.Rule(.contentFilter, ["content_filter"]), ErrorMap.Rule(.notFound, ["DeploymentNotFound"]),
                ErrorMap.Rule(.rateLimit, ["429"]), ErrorMap.Rule(.badKey, ["401"]),
            ])
        }.with { $0.auth = .field("api-key") },
        Provider(
            "gemini",
            "Google Gemini",
            "https://generativelanguage.googleapis.com/v1beta/openai",
            keys: "GEMINI_API_KEY",
            "GOOGLE_API_KEY",
            "GEMINI_PROXY_API_KEY"
        ) { shape in
            shape.takesMore = false
            shape.errors = ErrorMap([
                ErrorMap.Rule(.badKey, text: "API key not valid"), ErrorMap.Rule(.rateLimit, status: 429),
                ErrorMap.Rule(.rateLimit, ["RESOURCE_EXHAUSTED"]),
            ])
        }.with { $0.batchLimit = 100 },
        Provider("mistral", "Mistral", "https://api.mistral.ai/v1", keys: "MISTRAL_API_KEY") { shape in
            shape.takesMore = false
            shape.asksForUsage = false
            shape.sendsReasoning = false
            shape.hasShortToolIDs = true
            // A field that it does not know is an error.
            shape.rules = [
                .rename("seed", to: "random_seed"), .drop("logit_bias"), .drop("user"), .drop("stream_options"),
                .drop("store"), .drop("service_tier"), .drop("prompt_cache_key"), .deny("logprobs"),
            ]
            shape.errors = ErrorMap([ErrorMap.Rule(.rateLimit, ["1300", "rate_limited"])])
        },
        Provider(
            "groq",
            "Groq",
            "https://api.groq.com/openai/v1",
            keys: "GROQ_API_KEY",
            paths: ["speech": "/v1/audio/speech", "transcription": "/v1/audio/transcriptions"]
        ) { shape in
            shape.sendsReasoning = false
            shape.rules = [.drop("logit_bias"), .deny("logprobs")]
        },
        Provider("xai", "xAI", "https://api.x.ai/v1", keys: "XAI_API_KEY"),
        Provider(
            "together",
            "Together",
            "https://api.together.xyz/v1",
            keys: "TOGETHER_API_KEY",
            paths: [
                "completion": "/v1/completions", "rerank": "/v1/rerank", "image": "/v1/images/generations",
            ]
        ),
        Provider(
            "fireworks",
            "Fireworks",
            "https://api.fireworks.ai/inference/v1",
            keys: "FIREWORKS_API_KEY",
            paths: ["completion": "/v1/completions"]
        ),
        Provider(
            "openrouter",
            "OpenRouter",
            "https://openrouter.ai/api/v1",
            keys: "OPENROUTER_API_KEY",
            paths: ["completion": "/v1/completions"]
        ) { shape in
            // Its codes are statuses.
            shape.errors = ErrorMap([
                ErrorMap.Rule(.quota, ["402"]), ErrorMap.Rule(.badKey, ["401"]), ErrorMap.Rule(.rateLimit, ["429"]),
                ErrorMap.Rule(.notFound, ["404"]), ErrorMap.Rule(.outage, ["502"]), ErrorMap.Rule(.overloaded, ["503"]),
            ])
        },
        Provider("nvidia", "NVIDIA NIM", "https://integrate.api.nvidia.com/v1", keys: "NVIDIA_API_KEY"),
        Provider(
            "cohere",
            "Cohere",
            "https://api.cohere.ai/compatibility/v1",
            keys: "COHERE_API_KEY",
            "CO_API_KEY"
        ) { shape in
            shape.takesMore = false
        }.with { $0.batchLimit = 96 },
        Provider(
            "jina",
            "Jina",
            "https://api.jina.ai/v1",
            keys: "JINA_API_KEY",
            paths: ["rerank": "/v1/rerank"]
        ),
        Provider(
            "voyage",
            "Voyage",
            "https://api.voyageai.com/v1",
            keys: "VOYAGE_API_KEY"
        ).with {
            // Its rerank has words of its own: `top_k`, and results in `data`.
            $0.batchLimit = 128
        },
        Provider(
            "aimlapi",
            "AI/ML API",
            "https://api.aimlapi.com/v1",
            keys: "AIMLAPI_API_KEY"
        ),
    ]
}
