// SPDX-License-Identifier: MIT

import SMMFWire

/// Alibaba's codes in both of their spellings; each has the same meaning in its own API and in the layer of OpenAI's shape.
extension ErrorCase {
    static let alibaba = codes.flatMap { status, code, text, kind in both(status, code, text, kind) } + events

    private static func both(_ status: Int, _ code: String, _ text: String, _ kind: NeutralError.Kind) -> [ErrorCase] {
        [
            ErrorCase("dashscope", status, #"{"code":"\#(code)","message":"\#(text)","request_id":"r"}"#, kind),
            ErrorCase(
                "tongyi",
                status,
                #"{"error":{"message":"\#(text)","type":"\#(code)","param":null,"code":"\#(code)"},"request_id":"r"}"#,
                kind
            ),
        ]
    }

    private static let codes: [(Int, String, String, NeutralError.Kind)] = [
        (400, "InvalidParameter", "Required parameter is missing", .badRequest),
        (400, "invalid_parameter_error", "only support stream mode, please enable the stream parameter", .badRequest),
        (400, "InvalidParameter", "Range of input length should be [1, 30720]", .contextOverflow),
        (400, "BadRequest.EmptyInput", "Required input is missing", .badRequest),
        (400, "BadRequest.EmptyModel", "Required model is missing", .badRequest),
        (400, "BadRequest.IllegalInput", "illegal", .badRequest),
        (400, "Arrearage", "Access denied, please make sure your account is in good standing.", .quota),
        (400, "DataInspectionFailed", "Input data may contain inappropriate content.", .contentFilter),
        (400, "data_inspection_failed", "Input data may contain inappropriate content.", .contentFilter),
        (400, "CustomRoleBlocked", "blocked", .contentFilter),
        (400, "IPInfringementSuspect", "suspect", .contentFilter),
        (400, "Throttling.AllocationQuota", "Free allocated quota exceeded.", .quota),
        (401, "InvalidApiKey", "Invalid API-key provided.", .badKey),
        (401, "invalid_api_key", "Incorrect API key provided.", .badKey),
        (401, "NOT AUTHORIZED", "Access denied", .badKey),
        (401, "access_token", "invalid access token or token expired", .badKey),
        (403, "AccessDenied", "Access denied.", .denied),
        (403, "Workspace.AccessDenied", "Workspace access denied.", .denied),
        (403, "Model.AccessDenied", "Model access denied.", .notFound),
        (403, "AccessDenied.Unpurchased", "Access to model denied.", .denied),
        (403, "AllocationQuota.FreeTierOnly", "The free tier of the model has been exhausted.", .quota),
        (404, "ModelNotFound", "Model not exist.", .notFound),
        (404, "model_not_found", "The model does not exist", .notFound),
        (404, "WorkSpaceNotFound", "The workspace does not exist", .notFound),
        (429, "Throttling", "Requests throttling triggered.", .rateLimit),
        (429, "Throttling.RateQuota", "Requests rate limit exceeded", .rateLimit),
        (429, "limit_requests", "You exceeded your current requests limit", .rateLimit),
        (429, "Throttling.BurstRate", "Request rate increased too quickly", .rateLimit),
        (429, "Throttling.AllocationQuota", "Allocated quota exceeded, please increase your quota limit.", .rateLimit),
        (429, "insufficient_quota", "You exceeded your current quota", .rateLimit),
        (429, "CommodityNotPurchased", "Commodity has not purchased yet.", .quota),
        (429, "PrepaidBillOverdue", "The prepaid bill is overdue.", .quota),
        (429, "PostpaidBillOverdue", "The postpaid bill is overdue.", .quota),
        (500, "InternalError", "An internal error has occured", .outage),
        (500, "InternalError.Algo", "inference internal error", .outage),
        (500, "RequestTimeOut", "Request timed out, please try again later.", .outage),
        (500, "ModelServiceFailed", "The model failed", .outage),
        (503, "ModelServingError", "Too many requests are served", .overloaded),
        (503, "ModelUnavailable", "Model is unavailable, please try again later.", .overloaded),
    ]

    /// A refusal of a stream is an event, whatever its status.
    private static let events: [ErrorCase] = ["dashscope", "tongyi"].map { name in
        ErrorCase(
            name,
            400,
            "id:1\nevent:error\n:HTTP_STATUS/400\ndata:{\"request_id\":\"f1\",\"code\":\"Arrearage\",\"type\":\"Arrearage\","
                + "\"message\":\"Access denied, please make sure your account is in good standing.\"}\n\n",
            .quota
        )
    }
}
