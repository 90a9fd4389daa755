// SPDX-License-Identifier: MIT

import SMMFWire

/// Baidu's second version, of OpenAI's shape, and its first one with numbers for errors and status 200.
extension PlayedProvider {
    static let qianfan = PlayedProvider(
        "qianfan",
        base: "/v2",
        wire: {
            var wire = PlayedOpenAI()
            wire.usage = .finishChunk
            wire.unfinished = nil
            wire.hasRoleChunk = false
            wire.choiceExtra = ["flag": 0]
            return wire
        }(),
        words: PlayedWords(
            [
                .badRequest: .init(400, "invalid_argument", "invalid_request_error", "Invalid Argument"),
                .badKey: .init(401, "invalid_iam_token", "invalid_request_error", "Invalid IAM Token"),
                .denied: .init(401, "no_parameter_permission", "access_denied", "No permission for the parameter"),
                .quota: .init(403, "account_overdue", "access_denied", "The account is overdue"),
                .rateLimit: .init(429, "rpm_rate_limit_exceeded", "rate_limit_exceeded", "Rate limit reached for RPM"),
                .contentFilter: .init(403, "system_unsafe", "unsafe_request", "the content of system is invalid"),
                .contextOverflow: .init(
                    400,
                    "tokens_too_long",
                    "invalid_request_error",
                    "Prompt tokens too long"
                ),
                .notFound: .init(401, "invalid_model", "invalid_request_error", "No permission to use the model"),
                .overloaded: .init(429, "cluster_rate_limit_exceeded", "rate_limit_exceeded", "The service is busy"),
                .outage: .init(500, "internal_error", "Internal_error", "Internal error"),
            ],
            body: { entry in
                var tree = PlayedWords.bare(entry)
                tree["id"] = "as-1"
                return tree
            }
        )
    ) { row in
        row.routes.append(.rerank("/v2/rerankers"))
        row.fields = [("x-ratelimit-limit-requests", "300"), ("x-ratelimit-limit-tokens", "300000")]
    }

    static let wenxin = PlayedProvider(
        "wenxin",
        auth: .accessToken,
        words: PlayedWords(
            [
                .badRequest: .init(200, 336_003, nil, "the role of message must be user or assistant"),
                .badKey: .init(200, 110, nil, "Access token invalid or no longer valid"),
                .expiredToken: .init(200, 111, nil, "Access token expired"),
                .denied: .init(200, 6, nil, "No permission to access data"),
                .quota: .init(200, 17, nil, "Open api daily request limit reached"),
                .rateLimit: .init(200, 18, nil, "Open api qps request limit reached"),
                .contextOverflow: .init(200, 336_007, nil, "prompt tokens too long"),
                .notFound: .init(200, 3, nil, "Unsupported openapi method"),
                .overloaded: .init(200, 336_100, nil, "the model is overloaded, please try again later"),
                .outage: .init(200, 336_000, nil, "Internal error"),
            ],
            body: { ["error_code": $0.code, "error_msg": .string($0.text), "id": "as-1"] }
        ),
        routes: [
            PlayedWenxin.token, .chat("/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/{model}", PlayedWenxin()),
            PlayedWenxin.embedding,
        ]
    )
}
