// SPDX-License-Identifier: MIT

import SMMFWire

/// Codes of providers in China and what they mean.
extension Providers {
    /// A plain 429 may be money here, so the type tells.
    static let moonshotErrors = ErrorMap([
        ErrorMap.Rule(.quota, ["exceeded_current_quota_error"]),
        ErrorMap.Rule(.contextOverflow, text: "exceeded model token limit"),
        ErrorMap.Rule(.contextOverflow, text: "Input token length too long"),
        ErrorMap.Rule(.badKey, ["invalid_authentication_error", "incorrect_api_key_error"]),
        ErrorMap.Rule(.denied, ["permission_denied_error"]),
        ErrorMap.Rule(.overloaded, ["engine_overloaded_error"]),
    ])

    static let zhipuRules: [ParameterRule] = [
        .clamp("temperature", 0.01...0.99), .clamp("top_p", 0.01...0.99),
        .denyValue("tool_choice", "required"),
        .drop("stream_options"), .atMost("stop", 1), .rename("user", to: "user_id"),
    ]

    static let zhipuErrors = ErrorMap([
        ErrorMap.Rule(.badKey, ["1000", "1001", "1002", "1004"]),
        ErrorMap.Rule(.expiredToken, ["1003"]),
        ErrorMap.Rule(.denied, ["1110", "1111", "1112", "1121", "1220"]),
        ErrorMap.Rule(
            .quota,
            ["1113", "1304", "1308", "1309", "1310", "1316", "1317", "1318", "1319", "1320", "1321"]
        ),
        ErrorMap.Rule(.badRequest, ["1200", "1210", "1212", "1213", "1214", "1215", "1231"]),
        ErrorMap.Rule(.notFound, ["1211", "1221", "1222", "1311"]),
        ErrorMap.Rule(.contextOverflow, ["1261"]),
        ErrorMap.Rule(.contentFilter, ["1300", "1301"]),
        ErrorMap.Rule(.rateLimit, ["1302", "1303", "1313"]),
        ErrorMap.Rule(.overloaded, ["1305", "1312"]),
        ErrorMap.Rule(.outage, ["500", "1100", "1120", "1230", "1234"]),
    ])

    /// A missing model is a 401 here, and arrears a 403.
    static let qianfanErrors = ErrorMap([
        ErrorMap.Rule(.badKey, ["invalid_iam_token", "invalid_appid"]),
        ErrorMap.Rule(.notFound, ["invalid_model"], status: 401),
        ErrorMap.Rule(.notFound, ["model_offline"]),
        ErrorMap.Rule(.quota, ["account_overdue"]),
        ErrorMap.Rule(.denied, ["no_parameter_permission"]),
        ErrorMap.Rule(.contextOverflow, ["characters_too_long", "tokens_too_long"]),
        ErrorMap.Rule(.contentFilter, ["unsafe_request"]),
        ErrorMap.Rule(.rateLimit, ["rate_limit_exceeded"]),
        ErrorMap.Rule(.rateLimit, text: "rate limit"),
        ErrorMap.Rule(.outage, ["internal_error", "dispatch_internal_error", "Internal_error"]),
    ])

    static let siliconFlowErrors = ErrorMap([
        ErrorMap.Rule(.notFound, ["20012", "30003"]), ErrorMap.Rule(.quota, ["30001", "30011"]),
        ErrorMap.Rule(.contextOverflow, text: "must be less than max_seq_len"),
        ErrorMap.Rule(.badRequest, ["20015"]), ErrorMap.Rule(.overloaded, ["50505", "50603"]),
    ])

    /// The code stands in `base_resp`, with status 200.
    static let miniMaxErrors = ErrorMap([
        ErrorMap.Rule(.rateLimit, ["1002", "1041", "2045"]), ErrorMap.Rule(.quota, ["1008", "2056"]),
        ErrorMap.Rule(.badKey, ["1004", "2049"]), ErrorMap.Rule(.contentFilter, ["1026", "1027"]),
        ErrorMap.Rule(.contextOverflow, ["1039"]), ErrorMap.Rule(.badRequest, ["2013", "1042"]),
        ErrorMap.Rule(.outage, ["1000", "1001", "1013", "1024", "1033"]),
    ])

    static let volcengineErrors = ErrorMap([
        ErrorMap.Rule(.quota, ["AccountOverdueError", "QuotaExceeded", "SetLimitExceeded"]),
        ErrorMap.Rule(.badKey, ["AuthenticationError", "Unauthorized"]),
        ErrorMap.Rule(
            .contentFilter,
            ["InputTextRiskDetection", "InputImageRiskDetection", "OutputTextRiskDetection"]
        ),
        ErrorMap.Rule(.contentFilter, ["SensitiveContentDetected", "InputTextSensitiveContentDetected"]),
        ErrorMap.Rule(.contentFilter, ["OutputTextSensitiveContentDetected", "InputImageSensitiveContentDetected"]),
        ErrorMap.Rule(
            .contentFilter,
            ["SensitiveContentDetected.SevereViolation", "SensitiveContentDetected.Violence"]
        ),
        ErrorMap.Rule(
            .notFound,
            ["ModelNotOpen", "InvalidEndpointOrModel.NotFound", "InvalidEndpoint.ClosedEndpoint"]
        ),
        ErrorMap.Rule(.overloaded, ["ServerOverloaded"]),
        ErrorMap.Rule(.contextOverflow, text: "exceed max message tokens"),
    ])

    /// Tencent's codes, which are the same for all its services.
    static let hunyuanErrors = ErrorMap([
        ErrorMap.Rule(.quota, ["ResourceUnavailable.InArrears", "FailedOperation.ResourcePackExhausted"]),
        ErrorMap.Rule(.quota, ["FailedOperation.FreeResourcePackExhausted"]),
        ErrorMap.Rule(.rateLimit, ["LimitExceeded", "RequestLimitExceeded"]),
        ErrorMap.Rule(.badKey, ["AuthFailure", "AuthFailure.SecretIdNotFound", "AuthFailure.SignatureFailure"]),
        ErrorMap.Rule(.denied, ["AuthFailure.UnauthorizedOperation", "UnauthorizedOperation"]),
        ErrorMap.Rule(.contentFilter, ["OperationDenied.TextIllegalDetected"]),
        ErrorMap.Rule(.contentFilter, ["OperationDenied.ImageIllegalDetected"]),
        ErrorMap.Rule(.overloaded, ["FailedOperation.EngineServerLimitExceeded"]),
        ErrorMap.Rule(
            .outage,
            ["FailedOperation.EngineServerError", "InternalError", "FailedOperation.EngineRequestTimeout"]
        ),
    ])
}
