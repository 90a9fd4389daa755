// SPDX-License-Identifier: MIT

import SMMFWire

/// Alibaba's two ways to its models. What is called an insufficient quota is a rate here.
extension PlayedProvider {
    static let tongyi = PlayedProvider(
        "tongyi",
        base: "/compatible-mode/v1",
        wire: {
            var wire = PlayedOpenAI()
            wire.calls = .emptyIDs
            wire.saysNullUsage = true
            wire.refusals = [
                .outside("top_p", 0.000_000_1...0.999_999_9), .value("tool_choice", "required"),
                .outside("temperature", 0...1.999_999),
            ]
            return wire
        }(),
        words: PlayedWords(
            [
                .badRequest: .init(
                    400,
                    "invalid_parameter_error",
                    "invalid_request_error",
                    "Range of top_p should be (0.0, 1.0)"
                ),
                .badKey: .init(401, "invalid_api_key", "invalid_request_error", "Incorrect API key provided."),
                .denied: .init(403, "access_denied", "access_denied", "Access denied."),
                .quota: .init(
                    400,
                    "Arrearage",
                    "Arrearage",
                    "Access denied, please make sure your account is in good standing."
                ),
                .rateLimit: .init(
                    429,
                    "insufficient_quota",
                    "insufficient_quota",
                    "You exceeded your current quota, please check your plan and billing details."
                ),
                .contentFilter: .init(
                    400,
                    "data_inspection_failed",
                    "data_inspection_failed",
                    "Input text data may contain inappropriate content."
                ),
                .contextOverflow: .init(
                    400,
                    "invalid_parameter_error",
                    "invalid_request_error",
                    "Range of input length should be [1, 30720]"
                ),
                .notFound: .init(404, "model_not_found", "invalid_request_error", "The model `sim` does not exist."),
                .overloaded: .init(
                    503,
                    "ModelUnavailable",
                    "ModelUnavailable",
                    "Model is unavailable, please try again later."
                ),
                .outage: .init(500, "internal_error", "internal_error", "An internal error has occurred."),
            ],
            body: { entry in
                var tree = PlayedWords.openAI(entry)
                tree["request_id"] = "r1"
                return tree
            }
        )
    ) { row in
        row.routes.append(.rerank("/compatible-api/v1/reranks"))
    }

    static let dashScope = PlayedProvider(
        "dashscope",
        auth: .bearer,
        words: PlayedWords(
            [
                .badRequest: .init(400, "InvalidParameter", nil, "Required parameter is missing."),
                .badKey: .init(401, "InvalidApiKey", nil, "Invalid API-key provided."),
                .denied: .init(403, "AccessDenied", nil, "Access denied."),
                .quota: .init(
                    400,
                    "Arrearage",
                    nil,
                    "Access denied, please make sure your account is in good standing."
                ),
                .rateLimit: .init(
                    429,
                    "Throttling.AllocationQuota",
                    nil,
                    "Allocated quota exceeded, please increase your quota limit."
                ),
                .contentFilter: .init(
                    400,
                    "DataInspectionFailed",
                    nil,
                    "Input data may contain inappropriate content."
                ),
                .contextOverflow: .init(400, "InvalidParameter", nil, "Range of input length should be [1, 30720]"),
                .notFound: .init(404, "ModelNotFound", nil, "Model not exist."),
                .overloaded: .init(
                    503,
                    "ModelServingError",
                    nil,
                    "Too many requests. Your requests are being throttled."
                ),
                .outage: .init(500, "InternalError.Algo", nil, "inference internal error"),
            ],
            body: { entry in
                var tree = PlayedWords.flat(entry)
                tree["request_id"] = "r1"
                return tree
            }
        ),
        routes: [
            .chat("/api/v1/services/aigc/text-generation/generation", PlayedDashScope()),
            .chat("/api/v1/services/aigc/multimodal-generation/generation", PlayedDashScope()),
            PlayedDashScope.embedding, PlayedDashScope.rerank,
        ]
    )
}
