// SPDX-License-Identifier: MIT

import SMMFWire

/// Google's errors, in its own words and in the layers of OpenAI's shape, which put them into a list.
extension ErrorCase {
    static let google: [ErrorCase] = ["gemini", "gemini-native", "vertex", "vertex-native"].flatMap { name in
        words.flatMap { body, status, kind, wait in
            [
                ErrorCase(name, status, body, kind, wait: wait),
                ErrorCase(name, status, "[\(body)]", kind, wait: wait),
            ]
        }
    }

    private static func body(_ code: Int, _ status: String, _ text: String, _ details: String = "[]") -> String {
        #"{"error":{"code":\#(code),"message":"\#(text)","status":"\#(status)","details":\#(details)}}"#
    }

    private static let words: [(body: String, status: Int, kind: NeutralError.Kind, wait: Int?)] = [
        (
            body(
                400,
                "INVALID_ARGUMENT",
                "API key not valid. Please pass a valid API key.",
                #"[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]"#
            ),
            400, .badKey, nil
        ),
        (
            body(
                400,
                "INVALID_ARGUMENT",
                "API key expired. Please renew the API key.",
                #"[{"reason":"API_KEY_INVALID"}]"#
            ),
            400, .badKey, nil
        ),
        (body(400, "INVALID_ARGUMENT", "Request contains an invalid argument."), 400, .badRequest, nil),
        (
            body(
                400,
                "INVALID_ARGUMENT",
                "The input token count (9) exceeds the maximum number of tokens allowed (8)."
            ),
            400, .contextOverflow, nil
        ),
        (body(400, "FAILED_PRECONDITION", "User location is not supported for the API use."), 400, .denied, nil),
        (body(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."), 401, .expiredToken, nil),
        (body(403, "PERMISSION_DENIED", "The caller does not have permission"), 403, .denied, nil),
        (body(404, "NOT_FOUND", "models/x is not found for API version v1beta"), 404, .notFound, nil),
        (
            body(
                429,
                "RESOURCE_EXHAUSTED",
                "You exceeded your current quota, please check your plan.",
                #"[{"violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}]},{"retryDelay":"34.4s"}]"#
            ),
            429, .rateLimit, 34_400
        ),
        (
            body(
                429,
                "RESOURCE_EXHAUSTED",
                "You exceeded your current quota, please check your plan.",
                #"[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]"#
            ),
            429, .quota, nil
        ),
        (body(429, "RESOURCE_EXHAUSTED", "Resource exhausted. Please try again later."), 429, .rateLimit, nil),
        (body(499, "CANCELLED", "The operation was cancelled."), 499, .outage, nil),
        (body(500, "INTERNAL", "An internal error has occurred."), 500, .outage, nil),
        (body(503, "UNAVAILABLE", "The model is overloaded. Please try again later."), 503, .overloaded, nil),
        (body(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."), 504, .outage, nil),
        (body(503, "UNAVAILABLE", "The model is overloaded."), 200, .overloaded, nil),
        (body(429, "RESOURCE_EXHAUSTED", "Resource exhausted."), 200, .rateLimit, nil),
    ]
}
