// SPDX-License-Identifier: MIT

/// Words of Gemini's API that its reader and both of its writers share.
enum GeminiWords {
    static func reason(_ stop: StopReason) -> String {
        switch stop {
        case .end, .stopSequence, .toolCalls, .paused: "STOP"
        case .length, .contextFull: "MAX_TOKENS"
        case .contentFilter, .refusal: "SAFETY"
        }
    }

    /// Reads a reason; nil for one that says nothing, and throws for a failure.
    static func stop(_ reason: String) throws(NeutralError) -> StopReason? {
        switch reason {
        case "", "FINISH_REASON_UNSPECIFIED": return nil
        case "MAX_TOKENS": return .length
        case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER":
            return .contentFilter
        case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS":
            throw NeutralError(.outage, "The model failed to call a tool: \(reason).", status: 200, code: reason)
        default: return .end
        }
    }

    static func usage(_ usage: TokenUsage) -> JSONTree {
        var tree: JSONTree = ["promptTokenCount": .number(usage.prompt)]
        if usage.cached > 0 { tree["cachedContentTokenCount"] = .number(usage.cached) }
        tree["candidatesTokenCount"] = .number(usage.completion - usage.reasoning)
        if usage.reasoning > 0 { tree["thoughtsTokenCount"] = .number(usage.reasoning) }
        tree["totalTokenCount"] = .number(usage.prompt + usage.completion)
        return tree
    }

    /// Reads counters; nil where none of them counts tokens.
    static func usage(_ tree: JSONObject) -> TokenUsage? {
        func count(_ key: String) -> Int { max(tree[key]?.int ?? 0, 0) }
        guard tree["promptTokenCount"] != nil || tree["totalTokenCount"] != nil else { return nil }
        let prompt = count("promptTokenCount") + count("toolUsePromptTokenCount")
        let thoughts = count("thoughtsTokenCount")
        return TokenUsage(
            prompt: prompt,
            completion: count("candidatesTokenCount") + thoughts,
            cached: min(count("cachedContentTokenCount"), prompt),
            reasoning: thoughts
        )
    }

    static func error(_ error: NeutralError) -> JSONTree {
        let status =
            switch error.kind {
            case .badRequest, .contentFilter, .contextOverflow: "INVALID_ARGUMENT"
            case .quota, .rateLimit, .overRate: "RESOURCE_EXHAUSTED"
            case .notFound: "NOT_FOUND"
            case .overloaded: "UNAVAILABLE"
            case .badKey, .expiredToken, .denied, .outage: "INTERNAL"
            case .unauthorized: "UNAUTHENTICATED"
            case .forbidden: "PERMISSION_DENIED"
            }
        return [
            "error": [
                "code": .number(error.clientStatus), "message": .string(error.clientText), "status": .string(status),
            ]
        ]
    }

    /// What an error means; inside an answer the error's own number is the status.
    static func read(_ words: ErrorWords, head: AnswerHead) -> NeutralError {
        let status = head.isSuccess ? words.code.flatMap(Int.init) ?? head.status : head.status
        var error = GoogleErrors.map.error(words, head: head)
        error.kind = GoogleErrors.map.kind(of: words, status: status)
        return error
    }
}
