// SPDX-License-Identifier: MIT

import SMMFWire

/// Providers of OpenAI's shape in China.
extension PlayedProvider {
    static let deepSeek = PlayedProvider(
        "deepseek",
        base: "/v1",
        wire: {
            var wire = PlayedOpenAI()
            wire.usage = .finishChunk
            wire.saysNullUsage = true
            wire.cached = .deepSeek
            wire.callPrefix = "call_00_"
            wire.opening = [PlayedReply.Frame(text: "", lines: [": keep-alive"])]
            return wire
        }(),
        words: .openAIWords.with([
            .badRequest: .init(
                422,
                "invalid_request_error",
                "invalid_request_error",
                "Failed to deserialize the JSON body"
            ),
            .badKey: .init(
                401,
                "invalid_request_error",
                "authentication_error",
                "Authentication Fails, Your api key is invalid"
            ),
            .quota: .init(402, "invalid_request_error", "unknown_error", "Insufficient Balance"),
            .notFound: .init(400, "invalid_request_error", "invalid_request_error", "Model Not Exist"),
            .contentFilter: .init(400, "invalid_request_error", "invalid_request_error", "Content Exists Risk"),
            .overloaded: .init(503, "service_unavailable_error", "service_unavailable_error", "Service is too busy."),
        ])
    )

    private static let kimi: PlayedOpenAI = {
        var wire = PlayedOpenAI()
        wire.usage = .choice
        wire.cached = .top
        wire.refusals = [.value("tool_choice", "required"), .outside("temperature", 0...1)]
        return wire
    }()

    private static let kimiWords = PlayedWords(
        [
            .badRequest: .init(400, .null, "invalid_request_error", "Invalid request: unknown field"),
            .badKey: .init(401, .null, "invalid_authentication_error", "Invalid Authentication"),
            .denied: .init(403, .null, "permission_denied_error", "The API is not open to your account"),
            .quota: .init(
                429,
                .null,
                "exceeded_current_quota_error",
                "Your account org-1<ak-1> is suspended due to insufficient balance, please recharge your account or "
                    + "check your plan and billing details"
            ),
            .rateLimit: .init(
                429,
                .null,
                "rate_limit_reached_error",
                "Your account org-1<ak-1> request reached organization max RPM: 3, please try again after 1 seconds"
            ).after("1"),
            .contentFilter: .init(
                400,
                .null,
                "content_filter",
                "The request was rejected because it was considered high risk"
            ),
            .contextOverflow: .init(
                400,
                .null,
                "invalid_request_error",
                "Invalid request: Your request exceeded model token limit: 8192"
            ),
            .notFound: .init(404, .null, "resource_not_found_error", "Not found the model sim or Permission denied"),
            .overloaded: .init(
                429,
                .null,
                "engine_overloaded_error",
                "The engine is currently overloaded, please try again later"
            ),
            .outage: .init(500, .null, "server_error", "Internal server error"),
        ],
        body: PlayedWords.bare
    )

    static let moonshot = PlayedProvider("moonshot", base: "/v1", wire: kimi, words: kimiWords)
    static let moonshotInternational = PlayedProvider("moonshot-intl", base: "/v1", wire: kimi, words: kimiWords)

    private static let glm: PlayedOpenAI = {
        var wire = PlayedOpenAI()
        wire.usage = .finishChunk
        wire.hasObject = false
        wire.unfinished = nil
        wire.hasRoleChunk = false
        wire.saysEveryRole = true
        wire.calls = .wholeChunk
        wire.filtered = "sensitive"
        wire.refusals = [
            .value("tool_choice", "required"), .outside("temperature", 0.01...0.99), .outside("top_p", 0.01...0.99),
            .longer("stop", 1),
        ]
        return wire
    }()

    private static let glmWords = PlayedWords(
        [
            .badRequest: .init(400, "1214", nil, "messages 参数非法。请检查文档。"),
            .badKey: .init(401, "1002", nil, "Authorization Token非法，请确认Authorization Token正确传递。"),
            .expiredToken: .init(401, "1003", nil, "Authorization Token已过期，请重新生成/获取"),
            .denied: .init(434, "1220", nil, "您无权访问 chat"),
            .quota: .init(429, "1113", nil, "您的账户已欠费，请充值后重试。"),
            .rateLimit: .init(429, "1302", nil, "您当前使用该API的并发数过高，请降低并发。"),
            .contentFilter: .init(400, "1301", nil, "系统检测到输入或生成内容可能包含不安全或敏感内容。"),
            .contextOverflow: .init(400, "1261", nil, "Prompt 超长"),
            .notFound: .init(400, "1211", nil, "模型不存在，请检查模型代码。"),
            .overloaded: .init(429, "1305", nil, "当前API请求过多，请稍后重试。"),
            .outage: .init(500, "500", nil, "内部错误"),
        ],
        body: PlayedWords.bare
    )

    static let zhipu = PlayedProvider("zhipu", base: "/api/paas/v4", wire: glm, words: glmWords) {
        $0.auth = .signedToken
    }
    static let zai = PlayedProvider("zai", base: "/api/paas/v4", wire: glm, words: glmWords) { $0.auth = .signedToken }

    static let baichuan = PlayedProvider(
        "baichuan",
        base: "/v1",
        wire: {
            var wire = PlayedOpenAI()
            wire.usage = .finishChunk
            wire.unfinished = ""
            wire.hasRoleChunk = false
            wire.saysEveryRole = true
            wire.isTight = true
            wire.cached = .nowhere
            wire.refusals = [.outside("temperature", 0...1)]
            return wire
        }(),
        words: .openAIWords.with([
            .badKey: .init(401, "invalid_authentication", "invalid_request_error", "Invalid Authentication"),
            .quota: .init(
                429,
                "insufficient_quota",
                "insufficient_quota",
                "Insufficient account balance, please recharge"
            ),
            .rateLimit: .init(429, "rate_limit_exceeded", "rate_limit_exceeded", "Rate limit reached for requests"),
        ])
    ) { $0.fields = [("x-bc-request-id", "r1")] }

    static let siliconFlow = PlayedProvider(
        "siliconflow",
        base: "/v1",
        wire: {
            var wire = PlayedOpenAI()
            wire.usage = .finishChunk
            return wire
        }(),
        words: PlayedWords(
            [
                .badRequest: .init(400, 20_015, nil, "The parameter is invalid. Please check again."),
                .badKey: .init(401, .null, nil, "Api key is invalid"),
                .denied: .init(403, 30_003, nil, "Model disabled."),
                .quota: .init(403, 30_001, nil, "Sorry, your account balance is insufficient"),
                .rateLimit: .init(
                    429,
                    .null,
                    nil,
                    "Request was rejected due to rate limiting. If you want more, please contact us. Details:TPM limit reached."
                ),
                .contextOverflow: .init(
                    400,
                    20_015,
                    nil,
                    "length of prompt_tokens (40000) must be less than max_seq_len (32768)."
                ),
                .notFound: .init(400, 20_012, nil, "Model does not exist. Please check it carefully."),
                .overloaded: .init(503, 50_505, nil, "Model service overloaded. Please try again later."),
                .outage: .init(500, 50_501, nil, "Internal error"),
            ],
            body: { entry in
                var tree = PlayedWords.flat(entry)
                tree["data"] = .null
                return tree
            }
        ),
        routes: [.rerank("/v1/rerank")]
    )

    /// Errors stand in `base_resp`, with status 200.
    static let miniMax = PlayedProvider(
        "minimax",
        base: "/v1",
        wire: {
            var wire = PlayedOpenAI()
            wire.usage = .finishChunk
            wire.head = ["base_resp": ["status_code": 0, "status_msg": ""]]
            return wire
        }(),
        words: PlayedWords(
            [
                .badRequest: .init(200, 2013, nil, "invalid params"),
                .badKey: .init(
                    200,
                    1004,
                    nil,
                    "login fail: Please carry the API secret key in the 'Authorization' field"
                ),
                .quota: .init(200, 1008, nil, "insufficient balance"),
                .rateLimit: .init(200, 1002, nil, "rate limit exceeded(RPM)"),
                .contentFilter: .init(200, 1026, nil, "input new_sensitive"),
                .contextOverflow: .init(200, 1039, nil, "token limit exceeded"),
                .outage: .init(200, 1000, nil, "unknown error"),
            ],
            body: { ["base_resp": ["status_code": $0.code, "status_msg": .string($0.text)]] }
        )
    )

    static let volcengine = PlayedProvider(
        "volcengine",
        base: "/api/v3",
        words: PlayedWords([
            .badRequest: .init(
                400,
                "InvalidParameter",
                "BadRequest",
                "A parameter specified in the request is not valid"
            ),
            .badKey: .init(
                401,
                "AuthenticationError",
                "Unauthorized",
                "The API key in the request is missing or invalid."
            ),
            .denied: .init(403, "AccessDenied", "Forbidden", "You do not have access to the requested resource."),
            .quota: .init(403, "AccountOverdueError", "Forbidden", "Your account has an overdue balance."),
            .rateLimit: .init(
                429,
                "RateLimitExceeded.EndpointRPMExceeded",
                "TooManyRequests",
                "The Requests Per Minute (RPM) limit of the associated endpoint has been exceeded."
            ),
            .contentFilter: .init(
                400,
                "SensitiveContentDetected",
                "BadRequest",
                "The request failed because the input text may contain sensitive information."
            ),
            .contextOverflow: .init(
                400,
                "InvalidParameter",
                "BadRequest",
                "Total tokens of image and text exceed max message tokens"
            ),
            .notFound: .init(
                404,
                "InvalidEndpointOrModel.NotFound",
                "NotFound",
                "The model or endpoint sim does not exist or you do not have access to it."
            ),
            .overloaded: .init(
                429,
                "ServerOverloaded",
                "TooManyRequests",
                "The server is currently unable to handle it."
            ),
            .outage: .init(
                500,
                "InternalServiceError",
                "InternalServerError",
                "The service encountered an unexpected error."
            ),
        ])
    )

    static let hunyuan = PlayedProvider(
        "hunyuan",
        base: "/v1",
        wire: {
            var wire = PlayedOpenAI()
            wire.usage = .finishChunk
            return wire
        }(),
        words: PlayedWords([
            .badRequest: .init(400, "400001", "runtime_error", "messages is invalid"),
            .badKey: .init(401, "invalid_api_key", "invalid_request_error", "Incorrect API key provided"),
            .quota: .init(403, "ResourceUnavailable.InArrears", "runtime_error", "The account is in arrears"),
            .rateLimit: .init(
                429,
                "LimitExceeded",
                "runtime_error",
                "The concurrency limit of the request is exceeded"
            ),
            .outage: .init(500, "FailedOperation.EngineServerError", "runtime_error", "Engine error"),
        ])
    )

    static let stepFun = PlayedProvider(
        "stepfun",
        base: "/v1",
        words: .openAIWords.with([
            .quota: .init(402, "insufficient_balance", "insufficient_balance", "Your balance is insufficient"),
            .contentFilter: .init(451, "censorship_blocked", "censorship_blocked", "The content was blocked"),
        ])
    )

    static let yi = PlayedProvider("yi", base: "/v1")
    static let gitee = PlayedProvider("gitee", base: "/v1")
    static let infiniAI = PlayedProvider("infiniai", base: "/maas/v1", routes: [.rerank("/maas/v1/rerank")])
}
