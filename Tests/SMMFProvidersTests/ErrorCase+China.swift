// SPDX-License-Identifier: MIT

import SMMFWire

/// Providers in China beside Alibaba.
extension ErrorCase {
    static let china = zhipus + baidus + sparks + moonshots + others

    private static let zhipus: [ErrorCase] = {
        let table: [(Int, [String], NeutralError.Kind)] = [
            (500, ["500"], .outage), (401, ["1000", "1001", "1002", "1004"], .badKey), (401, ["1003"], .expiredToken),
            (429, ["1110", "1111", "1112", "1121"], .denied), (429, ["1113"], .quota),
            (500, ["1100", "1120"], .outage),
            (400, ["1200", "1210", "1212", "1213", "1214", "1215", "1231"], .badRequest),
            (400, ["1211", "1221", "1222", "1311"], .notFound), (434, ["1220"], .denied),
            (500, ["1230", "1234"], .outage), (400, ["1261"], .contextOverflow),
            (400, ["1300", "1301"], .contentFilter),
            (429, ["1302", "1303", "1313"], .rateLimit), (429, ["1304", "1308", "1309", "1310"], .quota),
            (429, ["1305", "1312"], .overloaded), (429, ["1316", "1321"], .quota), (200, ["1305"], .overloaded),
            (200, ["1301"], .contentFilter),
        ]
        return table.flatMap { status, codes, kind in
            codes.map { bare("zhipu", status, $0, "code \($0)", kind) }
        }
    }()

    private static let baidus: [ErrorCase] = {
        let wenxin: [([Int], NeutralError.Kind)] = [
            ([1, 15, 336_000], .outage), ([2, 336_100], .overloaded), ([3, 336_005], .notFound),
            ([4, 18, 336_501, 336_502], .rateLimit), ([6, 336_004], .denied), ([13, 14, 100], .badKey),
            ([17, 19], .quota), ([110, 111], .expiredToken), ([336_006, 336_007, 336_008, 336_103], .contextOverflow),
            ([336_001, 336_002, 336_003, 336_101, 336_104, 336_105], .badRequest),
        ]
        let qianfan: [(Int, String, String, NeutralError.Kind)] = [
            (400, "malformed_json", "invalid_request_error", .badRequest),
            (400, "invalid_messages", "invalid_request_error", .badRequest),
            (400, "characters_too_long", "invalid_request_error", .contextOverflow),
            (400, "tokens_too_long", "invalid_request_error", .contextOverflow),
            (400, "image_url_unsafe", "unsafe_request", .contentFilter),
            (401, "invalid_iam_token", "invalid_request_error", .badKey),
            (401, "invalid_appid", "invalid_request_error", .badKey),
            (401, "invalid_model", "invalid_request_error", .notFound),
            (401, "no_parameter_permission", "access_denied", .denied),
            (403, "system_unsafe", "unsafe_request", .contentFilter),
            (403, "account_overdue", "access_denied", .quota), (403, "model_offline", "access_denied", .notFound),
            (429, "rpm_rate_limit_exceeded", "rate_limit_exceeded", .rateLimit),
            (429, "tpm_rate_limit_exceeded", "rate_limit_exceeded", .rateLimit),
            (500, "internal_error", "Internal_error", .outage),
            (500, "dispatch_internal_error", "Internal_error", .outage),
        ]
        return wenxin.flatMap { codes, kind in
            codes.map {
                ErrorCase("wenxin", 200, #"{"error_code":\#($0),"error_msg":"code \#($0)","id":"as-1"}"#, kind)
            }
        }
            + qianfan.map { status, code, type, kind in
                let body = #"{"error":{"code":"\#(code)","message":"\#(code)","type":"\#(type)"},"id":"as-1"}"#
                return ErrorCase("qianfan", status, body, kind)
            }
    }()

    private static let sparks: [ErrorCase] = {
        let codes: [([Int], NeutralError.Kind)] = [
            ([10_003, 10_004, 10_005, 10_163], .badRequest), ([10_006, 10_007, 11_202, 11_203], .rateLimit),
            ([10_008, 10_110], .overloaded), ([10_013, 10_014, 10_019, 10_021], .contentFilter),
            ([10_015, 10_016, 11_200], .badKey), ([11_201], .quota), ([10_907], .contextOverflow),
            ([10_000, 10_009, 10_012, 10_017, 10_222], .outage),
        ]
        return codes.flatMap { codes, kind in
            codes.map { ErrorCase("spark", 200, #"{"code":\#($0),"message":"code \#($0)","sid":"cha@dx1"}"#, kind) }
        } + [
            openAI("spark", 401, nil, "api_error", "invalid user", .badKey),
            ErrorCase("spark", 401, #"{"message":"HMAC signature cannot be verified: fail"}"#, .badKey),
        ]
    }()

    private static let moonshots: [ErrorCase] = [
        openAI("moonshot", 400, nil, "content_filter", "The request was rejected", .contentFilter),
        openAI("moonshot", 400, nil, "invalid_request_error", "Invalid request", .badRequest),
        openAI("moonshot", 400, nil, "invalid_request_error", "Input token length too long", .contextOverflow),
        openAI(
            "moonshot",
            400,
            nil,
            "invalid_request_error",
            "Your request exceeded model token limit : 8192",
            .contextOverflow
        ),
        openAI("moonshot", 401, nil, "invalid_authentication_error", "Invalid Authentication", .badKey),
        openAI("moonshot", 401, nil, "incorrect_api_key_error", "Incorrect API key provided", .badKey),
        openAI("moonshot", 403, nil, "permission_denied_error", "The API is not open", .denied),
        openAI("moonshot", 404, nil, "resource_not_found_error", "Not found the model", .notFound),
        openAI("moonshot", 429, nil, "engine_overloaded_error", "The engine is currently overloaded", .overloaded),
        openAI("moonshot", 429, nil, "exceeded_current_quota_error", "suspended due to insufficient balance", .quota),
        openAI("moonshot", 403, nil, "exceeded_current_quota_error", "suspended due to insufficient balance", .quota),
        openAI(
            "moonshot",
            429,
            nil,
            "rate_limit_reached_error",
            "request reached organization max RPM: 3, please try again after 1 seconds",
            .rateLimit,
            wait: 1000
        ),
        openAI("moonshot", 500, nil, "server_error", "Internal server error", .outage),
    ]

    private static let others: [ErrorCase] = [
        openAI("deepseek", 400, "invalid_request_error", "invalid_request_error", "Model Not Exist", .notFound),
        openAI(
            "deepseek",
            400,
            "invalid_request_error",
            "invalid_request_error",
            "Content Exists Risk",
            .contentFilter
        ),
        openAI("deepseek", 401, "invalid_request_error", "authentication_error", "Authentication Fails", .badKey),
        openAI("deepseek", 402, "invalid_request_error", "unknown_error", "Insufficient Balance", .quota),
        openAI("deepseek", 422, "invalid_request_error", "invalid_request_error", "Failed to deserialize", .badRequest),
        openAI("deepseek", 429, nil, "rate_limit_reached", "Rate limit reached", .rateLimit),
        openAI(
            "deepseek",
            503,
            "service_unavailable_error",
            "service_unavailable_error",
            "Service is too busy.",
            .overloaded
        ),
        openAI("baichuan", 401, "invalid_api_key", "invalid_request_error", "Incorrect API key provided", .badKey),
        openAI("baichuan", 401, "api_key_empty", "invalid_request_error", "Invalid Authentication", .badKey),
        openAI("baichuan", 429, "insufficient_quota", nil, "Insufficient account balance, please recharge", .quota),
        openAI("baichuan", 429, "rate_limit_exceeded", nil, "Rate limit reached for requests", .rateLimit),
        openAI("baichuan", 500, "internal_error", nil, "internal error", .outage),
        ErrorCase(
            "siliconflow",
            400,
            #"{"code":20012,"message":"Model does not exist. Please check it carefully.","data":null}"#,
            .notFound
        ),
        ErrorCase(
            "siliconflow",
            400,
            #"{"code":20015,"message":"The parameter is invalid.","data":null}"#,
            .badRequest
        ),
        ErrorCase(
            "siliconflow",
            400,
            #"{"code":20015,"message":"length of prompt_tokens (9) must be less than max_seq_len (8).","data":null}"#,
            .contextOverflow
        ),
        ErrorCase("siliconflow", 401, #""Api key is invalid""#, .badKey),
        ErrorCase(
            "siliconflow",
            403,
            #"{"code":30001,"message":"Sorry, your account balance is insufficient","data":null}"#,
            .quota
        ),
        ErrorCase(
            "siliconflow",
            429,
            #"{"message":"Request was rejected due to rate limiting. Details:TPM limit reached.","data":null}"#,
            .rateLimit
        ),
        ErrorCase(
            "siliconflow",
            503,
            #"{"code":50505,"message":"Model service overloaded. Please try again later.","data":null}"#,
            .overloaded
        ),
        miniMax(1000, .outage), miniMax(1001, .outage), miniMax(1002, .rateLimit), miniMax(1004, .badKey),
        miniMax(1008, .quota), miniMax(1026, .contentFilter), miniMax(1027, .contentFilter),
        miniMax(1039, .contextOverflow), miniMax(2013, .badRequest), miniMax(2049, .badKey), miniMax(2056, .quota),
        bare("volcengine", 401, "AuthenticationError", "The API key in the request is missing or invalid.", .badKey),
        bare("volcengine", 403, "AccountOverdueError", "Your account has an overdue balance.", .quota),
        bare("volcengine", 403, "AccessDenied", "You do not have access.", .denied),
        bare("volcengine", 400, "SensitiveContentDetected", "may contain sensitive information", .contentFilter),
        bare("volcengine", 400, "InvalidParameter", "A parameter is not valid", .badRequest),
        bare("volcengine", 404, "InvalidEndpointOrModel.NotFound", "does not exist", .notFound),
        bare("volcengine", 400, "InputTextRiskDetection", "sensitive content", .contentFilter),
        bare("volcengine", 404, "ModelNotOpen", "has not activated the model", .notFound),
        bare("volcengine", 429, "RateLimitExceeded.EndpointRPMExceeded", "RPM limit exceeded", .rateLimit),
        bare("volcengine", 429, "ServerOverloaded", "currently unable to handle", .overloaded),
        bare("volcengine", 500, "InternalServiceError", "unexpected", .outage),
        bare("hunyuan", 400, "AuthFailure.SecretIdNotFound", "not found", .badKey),
        bare("hunyuan", 400, "ResourceUnavailable.InArrears", "in arrears", .quota),
        bare("hunyuan", 400, "LimitExceeded", "concurrency limit", .rateLimit),
        bare("hunyuan", 400, "FailedOperation.EngineServerError", "engine error", .outage),
        bare("hunyuan", 400, "OperationDenied.TextIllegalDetected", "illegal", .contentFilter),
        openAI("hunyuan", 401, "invalid_api_key", "invalid_request_error", "Incorrect API key", .badKey),
        openAI("stepfun", 402, nil, "insufficient_balance", "Your balance is insufficient", .quota),
        openAI("stepfun", 451, "censorship_blocked", nil, "blocked", .contentFilter),
        openAI("stepfun", 429, "rate_limit_exceeded", nil, "limit", .rateLimit),
    ]

    private static func miniMax(_ code: Int, _ kind: NeutralError.Kind) -> ErrorCase {
        ErrorCase("minimax", 200, #"{"base_resp":{"status_code":\#(code),"status_msg":"code \#(code)"}}"#, kind)
    }
}
