// SPDX-License-Identifier: MIT

import SMMFWire

/// Providers of OpenAI's shape, and OpenAI itself.
extension PlayedProvider {
    private static let limits: [(name: String, value: String)] = [
        ("x-request-id", "req_1"), ("openai-processing-ms", "12"),
        ("x-ratelimit-limit-requests", "500"), ("x-ratelimit-remaining-requests", "499"),
        ("x-ratelimit-reset-requests", "120ms"), ("x-ratelimit-limit-tokens", "30000"),
        ("x-ratelimit-remaining-tokens", "29000"), ("x-ratelimit-reset-tokens", "6m0s"),
    ]

    /// Members of a chat's body that OpenAI knows.
    private static let known = [
        "model", "messages", "max_completion_tokens", "max_tokens", "temperature", "top_p", "n", "stop", "seed",
        "logprobs", "top_logprobs", "presence_penalty", "frequency_penalty", "logit_bias", "response_format", "tools",
        "tool_choice", "parallel_tool_calls", "stream", "stream_options", "reasoning_effort", "verbosity",
        "modalities", "audio", "prediction", "service_tier", "store", "metadata", "prompt_cache_key",
        "safety_identifier", "user", "web_search_options", "functions", "function_call",
    ]

    static let openAI = PlayedProvider(
        "openai",
        base: "/v1",
        wire: {
            var wire = PlayedOpenAI()
            wire.reasoning = .hidden
            wire.saysNullUsage = true
            wire.head = ["service_tier": "default", "system_fingerprint": "fp_1"]
            wire.refusals = [
                .allBut(known), .longer("stop", 4), .outside("temperature", 0...2),
                .ofModel("max_tokens", ["o1", "o3", "o4", "gpt-5"]),
            ]
            return wire
        }()
    ) { $0.fields = limits }

    static let groq = PlayedProvider(
        "groq",
        base: "/openai/v1",
        wire: {
            var wire = PlayedOpenAI()
            wire.reasoning = .member("reasoning")
            wire.calls = .wholeChunk
            wire.usage = .groq
            wire.cached = .nowhere
            wire.refusals = [.unknown("logprobs"), .unknown("logit_bias"), .unknown("top_logprobs")]
            return wire
        }(),
        words: .openAIWords.with([
            .contextOverflow: .init(
                400,
                "context_length_exceeded",
                "invalid_request_error",
                "Please reduce the length of the messages or completion."
            ),
            .overRate: .init(
                413,
                "rate_limit_exceeded",
                "tokens",
                "Request too large for model `sim` on tokens per minute (TPM): Limit 6000, Requested 9001"
            ),
        ])
    )

    static let xai = PlayedProvider(
        "xai",
        base: "/v1",
        words: .openAIWords.with([
            .badKey: .init(
                400,
                .null,
                nil,
                "Incorrect API key provided: sk***. You can obtain an API key from https://console.x.ai."
            )
        ])
    )

    static let together = PlayedProvider(
        "together",
        base: "/v1",
        wire: {
            var wire = PlayedOpenAI()
            wire.usage = .finishChunk
            wire.reasoning = .member("reasoning")
            wire.hasRoleChunk = false
            wire.saysEveryRole = true
            return wire
        }(),
        words: .openAIWords.with([
            .quota: .init(402, "credit_limit", "credit_limit", "Credit limit exceeded, please navigate to billing."),
            .overloaded: .init(503, .null, "service_unavailable", "The server is overloaded or not ready yet."),
        ]),
        routes: [.rerank("/v1/rerank")]
    )

    static let fireworks = PlayedProvider(
        "fireworks",
        base: "/inference/v1",
        wire: {
            var wire = PlayedOpenAI()
            wire.usage = .finishChunk
            return wire
        }(),
        words: .openAIWords.with([
            .quota: .init(412, .null, "error", "Account suspended: insufficient balance.")
        ])
    )

    /// Codes are statuses, and comments come while it works.
    static let openRouter = PlayedProvider(
        "openrouter",
        base: "/api/v1",
        wire: {
            var wire = PlayedOpenAI()
            wire.reasoning = .member("reasoning")
            wire.opening = [PlayedReply.Frame(text: "", lines: [": OPENROUTER PROCESSING"])]
            wire.head = ["provider": "Sim"]
            return wire
        }(),
        words: PlayedWords(
            [
                .badRequest: .init(400, 400, nil, "Invalid request."),
                .badKey: .init(401, 401, nil, "No auth credentials found"),
                .quota: .init(402, 402, nil, "Insufficient credits. Add more using https://openrouter.ai/credits"),
                .denied: .init(403, 403, nil, "Your chosen model requires moderation and your input was flagged"),
                .notFound: .init(404, 404, nil, "No endpoints found for sim."),
                .rateLimit: .init(429, 429, nil, "Rate limit exceeded: free-models-per-min.").after("3"),
                .outage: .init(502, 502, nil, "Provider returned error"),
                .overloaded: .init(
                    503,
                    503,
                    nil,
                    "There is no available model provider that meets your routing requirements"
                ),
            ],
            body: PlayedWords.bare
        )
    )

    static let nvidia = PlayedProvider(
        "nvidia",
        base: "/v1",
        words: .openAIWords.with([
            .badKey: .init(401, .null, nil, "Unauthorized", more: ["status": 401])
        ])
    )

    static let cohere = PlayedProvider(
        "cohere",
        base: "/compatibility/v1",
        wire: {
            var wire = PlayedOpenAI()
            wire.refusals = [.unknown("top_k"), .unknown("user"), .unknown("logit_bias"), .unknown("n")]
            return wire
        }(),
        words: cohereWords,
        routes: [.cohereRerank("/v2/rerank"), .cohereEmbed("/v2/embed")]
    ) {
        // The layer of OpenAI's shape is one of several parts.
        $0.base = ""
    }

    static let cohereWords = PlayedWords(
        [
            .badRequest: .init(400, .null, nil, "invalid request: message must be at least 1 token long."),
            .badKey: .init(401, .null, nil, "invalid api token"),
            .denied: .init(403, .null, nil, "this endpoint is not available to your account"),
            .quota: .init(
                402,
                .null,
                nil,
                "Please add or update your payment method at https://dashboard.cohere.com/billing"
            ),
            .notFound: .init(404, .null, nil, "model 'sim' not found, make sure the correct model ID was used"),
            .rateLimit: .init(429, .null, nil, "You are using a Trial key, which is limited to 40 API calls / minute."),
            .contextOverflow: .init(
                400,
                .null,
                nil,
                "too many tokens: total number of tokens in the prompt cannot exceed 4081"
            ),
            .overloaded: .init(503, .null, nil, "The service is unavailable."),
            .outage: .init(500, .null, nil, "internal server error"),
        ],
        body: PlayedWords.flat
    )

    static let jina = PlayedProvider(
        "jina",
        base: "/v1",
        words: PlayedWords(
            [
                .badRequest: .init(422, .null, nil, "Validation error"),
                .badKey: .init(401, .null, nil, "Unauthorized"),
                .quota: .init(402, .null, nil, "Account balance not enough to run this query, please recharge."),
                .rateLimit: .init(429, .null, nil, "Rate limit exceeded"),
                .notFound: .init(404, .null, nil, "Model not found"),
                .outage: .init(500, .null, nil, "Internal server error"),
            ],
            body: { ["detail": .string($0.text)] }
        ),
        routes: [.rerank("/v1/rerank")]
    )

    static let voyage = PlayedProvider(
        "voyage",
        base: "/v1",
        auth: .bearer,
        words: PlayedWords(
            [
                .badRequest: .init(400, .null, nil, "Argument 'input' must be a string or a list."),
                .badKey: .init(401, .null, nil, "Provided API key is invalid."),
                .denied: .init(403, .null, nil, "The IP address you are sending the request from is not allowed."),
                .rateLimit: .init(
                    429,
                    .null,
                    nil,
                    "You have not yet added your payment method and are limited to 3 RPM."
                ),
                .outage: .init(500, .null, nil, "An unexpected error occurred."),
                .overloaded: .init(503, .null, nil, "The service is overloaded."),
            ],
            body: { ["detail": .string($0.text)] }
        ),
        routes: [.embeddings("/v1/embeddings", most: 128, onlyTotal: true), .voyageRerank("/v1/rerank")]
    )

    static let aimlapi = PlayedProvider("aimlapi", base: "/v1")
}
