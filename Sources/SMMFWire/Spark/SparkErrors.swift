// SPDX-License-Identifier: MIT

/// What Spark's codes mean, over its web socket and over HTTP.
public enum SparkErrors {
    /// The map.
    public static let map = ErrorMap([
        ErrorMap.Rule(.badRequest, ["10003", "10004", "10005", "10163"]),
        ErrorMap.Rule(.rateLimit, ["10006", "10007", "11202", "11203"]),
        ErrorMap.Rule(.overloaded, ["10008", "10110"]),
        ErrorMap.Rule(.contentFilter, ["10013", "10014", "10019", "10021"]),
        ErrorMap.Rule(.badKey, ["10015", "10016", "11200"]),
        ErrorMap.Rule(.quota, ["11201"]),
        ErrorMap.Rule(.contextOverflow, ["10907"]),
        ErrorMap.Rule(.badKey, text: "HMAC signature"),
    ])
}
