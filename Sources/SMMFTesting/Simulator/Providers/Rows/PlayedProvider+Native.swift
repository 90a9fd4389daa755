// SPDX-License-Identifier: MIT

import SMMFWire

/// Providers with words of their own outside China, and their layers of OpenAI's shape.
extension PlayedProvider {
    static let anthropic = PlayedProvider(
        "anthropic",
        auth: .fieldOrBearer("x-api-key"),
        words: PlayedWords(
            [
                .badRequest: .init(400, .null, "invalid_request_error", "messages: at least one message is required"),
                .badKey: .init(401, .null, "authentication_error", "invalid x-api-key"),
                .denied: .init(403, .null, "permission_error", "Your API key does not have permission."),
                // What is documented is 402; what comes is this.
                .quota: .init(
                    400,
                    .null,
                    "invalid_request_error",
                    "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade."
                ),
                .rateLimit: .init(
                    429,
                    .null,
                    "rate_limit_error",
                    "This request would exceed your organization's rate limit of 50 requests per minute."
                ).after("7"),
                .contextOverflow: .init(
                    400,
                    .null,
                    "invalid_request_error",
                    "prompt is too long: 200082 tokens > 200000 maximum"
                ),
                .contentFilter: .init(
                    400,
                    .null,
                    "invalid_request_error",
                    "Output blocked by content filtering policy"
                ),
                .notFound: .init(404, .null, "not_found_error", "model: sim"),
                .overloaded: .init(529, .null, "overloaded_error", "Overloaded"),
                .outage: .init(500, .null, "api_error", "Internal server error"),
            ],
            body: {
                [
                    "type": "error", "error": ["type": .string($0.type ?? "api_error"), "message": .string($0.text)],
                    "request_id": "req_1",
                ]
            }
        ),
        fields: [
            ("request-id", "req_1"), ("anthropic-ratelimit-requests-limit", "50"),
            ("anthropic-ratelimit-requests-remaining", "49"),
            ("anthropic-ratelimit-requests-reset", "2026-11-30T00:00:00Z"),
        ],
        routes: [
            .chat("/v1/messages", PlayedAnthropic()), PlayedAnthropic.count("/v1/messages/count_tokens"),
            .models("/v1/models"),
        ]
    )

    static let bedrock = PlayedProvider(
        "bedrock",
        auth: .signature(service: "bedrock"),
        words: amazon,
        fields: [("x-amzn-requestid", "r1")],
        routes: PlayedBedrock.routes
    )

    private static func named(_ type: String) -> [(name: String, value: String)] {
        [("x-amzn-errortype", "\(type):http://internal.amazon.com/coral/com.amazon.bedrock/")]
    }

    private static let amazon = PlayedWords(
        [
            .badRequest: .init(400, .null, nil, "Malformed input request.", fields: named("ValidationException")),
            .badKey: .init(
                403,
                .null,
                nil,
                "The security token included in the request is invalid.",
                fields: named("UnrecognizedClientException")
            ),
            .expiredToken: .init(
                403,
                .null,
                nil,
                "The security token included in the request is expired",
                fields: named("ExpiredTokenException")
            ),
            .denied: .init(
                403,
                .null,
                nil,
                "You don't have access to the model with the specified model ID.",
                fields: named("AccessDeniedException")
            ),
            .quota: .init(
                429,
                .null,
                nil,
                "Too many tokens per day, please wait before trying again.",
                fields: named("ThrottlingException")
            ),
            .rateLimit: .init(
                429,
                .null,
                nil,
                "Too many requests, please wait before trying again.",
                fields: named("ThrottlingException")
            ),
            .contextOverflow: .init(
                400,
                .null,
                nil,
                "Input is too long for requested model.",
                fields: named("ValidationException")
            ),
            .notFound: .init(
                404,
                .null,
                nil,
                "Could not resolve the foundation model from the provided model identifier.",
                fields: named("ResourceNotFoundException")
            ),
            .overloaded: .init(503, .null, nil, "Too many connections.", fields: named("ServiceUnavailableException")),
            .outage: .init(
                500,
                .null,
                nil,
                "The system encountered an unexpected error.",
                fields: named("InternalServerException")
            ),
        ],
        body: { ["message": .string($0.text)] }
    )

    static let bedrockOpenAI = PlayedProvider("bedrock-openai", base: "/v1") {
        $0.auth = .signature(service: "bedrock-mantle")
    }

    static let mistral = PlayedProvider(
        "mistral",
        base: "/v1",
        wire: {
            var wire = PlayedOpenAI()
            wire.reasoning = .parts
            wire.calls = .whole
            wire.callPrefix = ""
            wire.usage = .finishChunk
            wire.cached = .nowhere
            wire.refusals = [
                .allBut([
                    "model", "messages", "temperature", "top_p", "max_tokens", "stop", "random_seed", "metadata",
                    "response_format", "tools", "tool_choice", "presence_penalty", "frequency_penalty", "n",
                    "prediction", "parallel_tool_calls", "reasoning_effort", "prompt_mode", "safe_prompt", "stream",
                ]),
                .longIDs, .role("developer"),
            ]
            return wire
        }(),
        words: PlayedWords(
            [
                .badRequest: .init(422, .null, "invalid_request_error", "Extra inputs are not permitted"),
                .badKey: .init(401, .null, nil, "Unauthorized"),
                .rateLimit: .init(429, "1300", "rate_limited", "Rate limit exceeded"),
                .contextOverflow: .init(
                    400,
                    "3051",
                    "invalid_request_prompt",
                    "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length"
                ),
                .notFound: .init(400, "1500", "invalid_model", "Invalid model: sim"),
                .quota: .init(402, .null, nil, "Payment required"),
                .overloaded: .init(503, "3505", "service_unavailable", "Service unavailable."),
                .outage: .init(500, "3700", "internal_server_error", "Service unavailable."),
            ],
            body: { entry in
                guard entry.status != 401 else { return ["detail": .string(entry.text)] }
                var message = JSONTree.string(entry.text)
                if entry.status == 422 {
                    message = [
                        "detail": [
                            [
                                "type": "extra_forbidden", "loc": ["body", .string(entry.param ?? "body")],
                                "msg": .string(entry.text),
                            ]
                        ]
                    ]
                }
                return [
                    "object": "error", "message": message, "type": entry.type.map(JSONTree.string) ?? .null,
                    "param": .null, "code": entry.code,
                ]
            }
        )
    )
}
