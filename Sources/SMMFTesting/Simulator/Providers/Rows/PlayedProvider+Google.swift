// SPDX-License-Identifier: MIT

import SMMFWire

/// Google's Gemini, at Google AI and at Vertex, in its own words and in OpenAI's.
extension PlayedProvider {
    private static func entry(
        _ status: Int,
        _ word: String,
        _ text: String,
        details: JSONTree = []
    ) -> PlayedWords.Entry {
        PlayedWords.Entry(status, .number(status), word, text, more: ["details": details])
    }

    private static func quota(_ id: String, delay: String?) -> JSONTree {
        var details: [JSONTree] = [
            [
                "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                "violations": [["quotaMetric": "generate_requests", "quotaId": .string(id)]],
            ]
        ]
        if let delay {
            details.append(["@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": .string(delay)])
        }
        return .array(details)
    }

    /// A wrong key is a bad request here, and a rate is called a quota.
    private static let entries: [PlayedError.Kind: PlayedWords.Entry] = [
        .badRequest: entry(400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
        .badKey: entry(
            400,
            "INVALID_ARGUMENT",
            "API key not valid. Please pass a valid API key.",
            details: [
                [
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID",
                    "domain": "googleapis.com", "metadata": ["service": "generativelanguage.googleapis.com"],
                ]
            ]
        ),
        .denied: entry(403, "PERMISSION_DENIED", "The caller does not have permission"),
        .rateLimit: entry(
            429,
            "RESOURCE_EXHAUSTED",
            "You exceeded your current quota, please check your plan and billing details.",
            details: quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", delay: "34.4s")
        ),
        .quota: entry(
            429,
            "RESOURCE_EXHAUSTED",
            "You exceeded your current quota, please check your plan and billing details.",
            details: quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier", delay: nil)
        ),
        .contextOverflow: entry(
            400,
            "INVALID_ARGUMENT",
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
        ),
        .notFound: entry(
            404,
            "NOT_FOUND",
            "models/sim is not found for API version v1beta, or is not supported for generateContent."
        ),
        .overloaded: entry(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
        .outage: entry(500, "INTERNAL", "An internal error has occurred. Please retry."),
    ]

    @Sendable private static func body(_ entry: PlayedWords.Entry) -> JSONTree {
        var inner: JSONTree = [
            "code": entry.code, "message": .string(entry.text), "status": .string(entry.type ?? "INTERNAL"),
        ]
        if let details = entry.more["details"], details != [] { inner["details"] = details }
        return ["error": inner]
    }

    private static let words = PlayedWords(entries, body: body)
    private static let vertexWords = words.with([
        .badKey: entry(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
    ])

    static let geminiNative = PlayedProvider(
        "gemini-native",
        auth: .field("x-goog-api-key"),
        words: words,
        routes: PlayedGemini.routes("/v1beta/models/")
    )

    /// Its layer of OpenAI's shape tells errors in a list.
    static let gemini = PlayedProvider(
        "gemini",
        base: "/v1beta/openai",
        wire: {
            var wire = PlayedOpenAI()
            wire.calls = .wholeChunk
            wire.reasoning = .hidden
            wire.hasRoleChunk = false
            wire.saysEveryRole = true
            wire.refusals = [.unknown("top_k"), .unknown("logit_bias")]
            return wire
        }(),
        words: PlayedWords(entries, body: { [body($0)] })
    )

    static let vertexNative = PlayedProvider(
        "vertex-native",
        base: "/v1/projects/sim/locations/global/publishers/google",
        auth: .bearer,
        words: vertexWords,
        routes: PlayedGemini.routes("/v1/projects/sim/locations/global/publishers/google/models/")
    )

    static let vertex = PlayedProvider(
        "vertex",
        base: "/v1beta1/projects/sim/locations/global/endpoints/openapi",
        wire: {
            var wire = PlayedOpenAI()
            wire.calls = .wholeChunk
            wire.reasoning = .hidden
            wire.hasRoleChunk = false
            wire.saysEveryRole = true
            return wire
        }(),
        words: PlayedWords(vertexWords.entries, body: { [body($0)] })
    )
}
