// SPDX-License-Identifier: MIT

import SMMFWire

extension PlayedWords {
    /// What OpenAI says; those that imitate it say much the same.
    static let openAIWords = PlayedWords([
        .badRequest: Entry(400, "invalid_value", "invalid_request_error", "Invalid value."),
        .badKey: Entry(
            401,
            "invalid_api_key",
            "invalid_request_error",
            "Incorrect API key provided: sk-***. You can find your API key at https://platform.openai.com/account/api-keys."
        ),
        .denied: Entry(
            403,
            "unsupported_country_region_territory",
            "request_forbidden",
            "Country, region, or territory not supported"
        ),
        .quota: Entry(
            429,
            "insufficient_quota",
            "insufficient_quota",
            "You exceeded your current quota, please check your plan and billing details."
        ),
        .rateLimit: Entry(
            429,
            "rate_limit_exceeded",
            "requests",
            "Rate limit reached for sim on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 1.5s."
        ).after("2"),
        .overRate: Entry(
            429,
            "rate_limit_exceeded",
            "tokens",
            "Request too large for sim on tokens per min (TPM): Limit 30000, Requested 40000."
        ),
        .contentFilter: Entry(
            400,
            "content_policy_violation",
            "invalid_request_error",
            "Your request was rejected as a result of our safety system."
        ),
        .contextOverflow: Entry(
            400,
            "context_length_exceeded",
            "invalid_request_error",
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens."
        ),
        .notFound: Entry(
            404,
            "model_not_found",
            "invalid_request_error",
            "The model `sim` does not exist or you do not have access to it."
        ),
        .overloaded: Entry(
            503,
            .null,
            "server_error",
            "The engine is currently overloaded, please try again later"
        ).after("1"),
        .outage: Entry(500, .null, "server_error", "The server had an error while processing your request."),
    ])

    /// What is told of a provider of OpenAI's shape that has no page of its own.
    static let usual = openAIWords
}
