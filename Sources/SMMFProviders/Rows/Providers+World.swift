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
            shape.errors = azureErrors
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
            shape.errors = azureErrors
        }.with { $0.auth = .field("api-key") },
        Provider(
            "azure-foundry",
            "Azure AI Foundry",
            "https://{resource}.services.ai.azure.com/openai/v1",
            keys: "AZURE_AI_API_KEY",
            "AZURE_OPENAI_API_KEY"
        ) { shape in
            shape.takesMore = false
            shape.errors = azureErrors
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
            shape.errors = GoogleErrors.map
        }.with { $0.batchLimit = 100 },
        Provider(
            "vertex",
            "Google Vertex AI",
            // The key is an access token, which its owner renews.
            "https://{location}-aiplatform.googleapis.com/v1beta1/projects/{project}/locations/{location}/endpoints/openapi",
            keys: "VERTEX_ACCESS_TOKEN"
        ) { shape in
            shape.takesMore = false
            shape.errors = GoogleErrors.map
        }.with {
            $0.defaults = ["location": "us-central1"]
            $0.paths = ["chat": "/chat/completions"]
        },
        Provider(
            "bedrock-openai",
            "AWS Bedrock, OpenAI's words",
            "https://bedrock-mantle.{region}.api.aws/v1",
            keys: "AWS_BEARER_TOKEN_BEDROCK"
        ) { $0.takesMore = false }.with {
            $0.defaults = ["region": "us-east-1"]
            $0.paths = ["chat": "/v1/chat/completions"]
        },
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
            shape.errors = ErrorMap([
                ErrorMap.Rule(.rateLimit, ["1300", "rate_limited"]), ErrorMap.Rule(.notFound, ["invalid_model"]),
            ])
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
            // Its capacity for those who pay less is used up.
            shape.errors = ErrorMap([ErrorMap.Rule(.overloaded, status: 498)])
        },
        Provider("xai", "xAI", "https://api.x.ai/v1", keys: "XAI_API_KEY") { shape in
            // A wrong key is a bad request here.
            shape.errors = ErrorMap([
                ErrorMap.Rule(.badKey, text: "Incorrect API key"), ErrorMap.Rule(.quota, text: "available credits"),
            ])
        },
        Provider(
            "together",
            "Together",
            "https://api.together.xyz/v1",
            keys: "TOGETHER_API_KEY",
            paths: [
                "completion": "/v1/completions", "rerank": "/v1/rerank", "image": "/v1/images/generations",
            ]
        ) { shape in
            // Input that is too long is what is forbidden here.
            shape.errors = ErrorMap([
                ErrorMap.Rule(.quota, ["credit_limit"]), ErrorMap.Rule(.contextOverflow, status: 403),
            ])
        },
        Provider(
            "fireworks",
            "Fireworks",
            "https://api.fireworks.ai/inference/v1",
            keys: "FIREWORKS_API_KEY",
            paths: ["completion": "/v1/completions"]
        ) { shape in
            // The account is suspended, mostly for its bills.
            shape.errors = ErrorMap([ErrorMap.Rule(.quota, status: 412)])
        },
        Provider(
            "openrouter",
            "OpenRouter",
            "https://openrouter.ai/api/v1",
            keys: "OPENROUTER_API_KEY",
            paths: ["completion": "/v1/completions"]
        ) { shape in
            // Its codes are statuses; what is denied is what the moderation flagged.
            shape.errors = ErrorMap([
                ErrorMap.Rule(.contentFilter, ["403"], text: "moderation"), ErrorMap.Rule(.denied, ["403"]),
                ErrorMap.Rule(.quota, ["402"]), ErrorMap.Rule(.badKey, ["401"]), ErrorMap.Rule(.rateLimit, ["429"]),
                ErrorMap.Rule(.notFound, ["404"]), ErrorMap.Rule(.outage, ["408", "502"]),
                ErrorMap.Rule(.overloaded, ["503", "529"]),
            ])
        },
        Provider("nvidia", "NVIDIA NIM", "https://integrate.api.nvidia.com/v1", keys: "NVIDIA_API_KEY"),
        Provider(
            "cohere",
            "Cohere",
            // Ranks stand beside the layer of OpenAI's shape.
            "https://api.cohere.ai",
            keys: "COHERE_API_KEY",
            "CO_API_KEY",
            paths: [
                "chat": "/compatibility/v1/chat/completions", "embedding": "/compatibility/v1/embeddings",
                "rerank": "/v2/rerank",
            ]
        ) { shape in
            shape.takesMore = false
            shape.errors = ErrorMap([
                ErrorMap.Rule(.contextOverflow, text: "too many tokens"),
                ErrorMap.Rule(.badKey, text: "invalid api token"),
            ])
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

    /// What is called a quota here is a rate, and a missing deployment a missing model; codes may be statuses.
    private static let azureErrors = ErrorMap([
        ErrorMap.Rule(.contentFilter, ["content_filter"]),
        ErrorMap.Rule(.contentFilter, detail: "ResponsibleAIPolicyViolation"),
        ErrorMap.Rule(.notFound, ["DeploymentNotFound"]), ErrorMap.Rule(.rateLimit, ["429", "RateLimitReached"]),
        ErrorMap.Rule(.badKey, ["401"]), ErrorMap.Rule(.denied, ["403"]), ErrorMap.Rule(.outage, ["500"]),
        ErrorMap.Rule(.overloaded, ["503"]),
    ])
}
