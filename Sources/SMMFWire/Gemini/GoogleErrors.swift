// SPDX-License-Identifier: MIT

/// What Google's errors mean, in its own words and in those of its layers of OpenAI's shape. A wrong key is a bad request
/// here, and a plain rate is called a quota: the details tell.
public enum GoogleErrors {
    /// The map.
    public static let map = ErrorMap([
        ErrorMap.Rule(.badKey, detail: "API_KEY_INVALID"),
        ErrorMap.Rule(.badKey, text: "API key not valid"),
        ErrorMap.Rule(.quota, ["RESOURCE_EXHAUSTED"], detail: "PerDay"),
        ErrorMap.Rule(.rateLimit, ["RESOURCE_EXHAUSTED"]),
        ErrorMap.Rule(.denied, ["FAILED_PRECONDITION", "PERMISSION_DENIED"]),
        ErrorMap.Rule(.expiredToken, ["UNAUTHENTICATED"]),
        ErrorMap.Rule(.overloaded, ["UNAVAILABLE"]),
        ErrorMap.Rule(.notFound, ["NOT_FOUND"]),
        ErrorMap.Rule(.outage, ["INTERNAL", "DEADLINE_EXCEEDED", "CANCELLED", "UNKNOWN"]),
        ErrorMap.Rule(.contextOverflow, text: "exceeds the maximum number of tokens"),
        ErrorMap.Rule(.badRequest, ["INVALID_ARGUMENT"]),
    ])
}
