// SPDX-License-Identifier: MIT

import SMMFWire

/// Providers with words of their own outside China.
extension ErrorCase {
    static let native = anthropics + bedrocks

    private static func anthropic(_ status: Int, _ type: String, _ text: String, _ kind: NeutralError.Kind) -> ErrorCase
    {
        let body = #"{"type":"error","error":{"type":"\#(type)","message":"\#(text)"},"request_id":"req_1"}"#
        return ErrorCase("anthropic", status, body, kind)
    }

    private static let anthropics: [ErrorCase] = [
        anthropic(400, "invalid_request_error", "max_tokens: Field required", .badRequest),
        anthropic(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.", .quota),
        anthropic(400, "invalid_request_error", "prompt is too long: 200082 tokens > 200000 maximum", .contextOverflow),
        anthropic(400, "invalid_request_error", "Output blocked by content filtering policy", .contentFilter),
        anthropic(401, "authentication_error", "invalid x-api-key", .badKey),
        anthropic(402, "billing_error", "Payment is due", .quota),
        anthropic(403, "permission_error", "Your API key does not have permission", .denied),
        anthropic(404, "not_found_error", "model: x", .notFound),
        anthropic(413, "request_too_large", "Request exceeds the maximum size", .contextOverflow),
        anthropic(429, "rate_limit_error", "This request would exceed your organization's rate limit", .rateLimit),
        anthropic(500, "api_error", "Internal server error", .outage),
        anthropic(504, "timeout_error", "Request timed out", .outage),
        anthropic(529, "overloaded_error", "Overloaded", .overloaded),
        anthropic(200, "overloaded_error", "Overloaded", .overloaded),
        anthropic(200, "api_error", "Internal server error", .outage),
        anthropic(200, "rate_limit_error", "Number of requests has exceeded your rate limit", .rateLimit),
    ]

    private static func bedrock(_ status: Int, _ type: String, _ text: String, _ kind: NeutralError.Kind) -> ErrorCase {
        let place = "http://internal.amazon.com/coral/com.amazon.bedrock/"
        return ErrorCase("bedrock", status, #"{"message":"\#(text)"}"#, kind, errorType: "\(type):\(place)")
    }

    private static let bedrocks: [ErrorCase] = [
        bedrock(400, "ValidationException", "Malformed input request", .badRequest),
        bedrock(400, "ValidationException", "Input is too long for requested model.", .contextOverflow),
        bedrock(400, "ServiceQuotaExceededException", "Your service quota is exceeded", .quota),
        bedrock(403, "AccessDeniedException", "You don't have access to the model", .denied),
        bedrock(403, "UnrecognizedClientException", "The security token included in the request is invalid.", .badKey),
        bedrock(403, "InvalidSignatureException", "The request signature we calculated does not match", .badKey),
        bedrock(403, "ExpiredTokenException", "The security token included in the request is expired", .expiredToken),
        bedrock(404, "ResourceNotFoundException", "Could not resolve the foundation model", .notFound),
        bedrock(408, "ModelTimeoutException", "Model has timed out", .outage),
        bedrock(424, "ModelErrorException", "The model failed", .outage),
        bedrock(424, "ModelStreamErrorException", "The model failed", .outage),
        bedrock(429, "ThrottlingException", "Too many requests, please wait before trying again.", .rateLimit),
        bedrock(429, "ThrottlingException", "Too many tokens per day, please wait before trying again.", .quota),
        bedrock(429, "ModelNotReadyException", "The model is not ready", .overloaded),
        bedrock(500, "InternalServerException", "An unexpected error", .outage),
        bedrock(503, "ServiceUnavailableException", "Too many connections", .overloaded),
        ErrorCase(
            "bedrock",
            403,
            #"{"__type":"com.amazon.coral.service#UnrecognizedClientException","message":"invalid"}"#,
            .badKey
        ),
    ]
}
