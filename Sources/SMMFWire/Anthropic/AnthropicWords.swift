// SPDX-License-Identifier: MIT

/// Words of Anthropic's Messages API that its reader and both of its writers share.
enum AnthropicWords {
    /// A reason to stop, and the text that was met.
    static func stop(_ reason: StopReason) -> (String, JSONTree) {
        switch reason {
        case .end: ("end_turn", .null)
        case .stopSequence(let text): ("stop_sequence", text.map(JSONTree.string) ?? .null)
        case .length: ("max_tokens", .null)
        case .toolCalls: ("tool_use", .null)
        case .contentFilter, .refusal: ("refusal", .null)
        case .contextFull: ("model_context_window_exceeded", .null)
        case .paused: ("pause_turn", .null)
        }
    }

    /// Reads a reason to stop; one that is not known yet is an end.
    static func stop(_ reason: String, sequence: String?) -> StopReason {
        switch reason {
        case "stop_sequence": .stopSequence(sequence)
        case "max_tokens": .length
        case "tool_use": .toolCalls
        case "refusal": .refusal
        case "model_context_window_exceeded": .contextFull
        case "pause_turn": .paused
        default: .end
        }
    }

    /// Usage, with the cache's counters beside the input's.
    static func usage(_ usage: TokenUsage) -> JSONTree {
        [
            "input_tokens": .number(max(usage.prompt - usage.cached - usage.cacheWritten, 0)),
            "cache_creation_input_tokens": .number(usage.cacheWritten),
            "cache_read_input_tokens": .number(usage.cached), "output_tokens": .number(usage.completion),
        ]
    }

    /// An error's document.
    static func error(_ error: NeutralError) -> JSONTree {
        let type =
            switch error.kind {
            case .badRequest, .contentFilter, .contextOverflow: "invalid_request_error"
            case .quota: "billing_error"
            case .rateLimit, .overRate: "rate_limit_error"
            case .notFound: "not_found_error"
            case .overloaded: "overloaded_error"
            case .badKey, .expiredToken, .denied, .outage: "api_error"
            case .unauthorized: "authentication_error"
            case .forbidden: "permission_error"
            }
        return ["type": "error", "error": ["type": .string(type), "message": .string(error.clientText)]]
    }

    /// What Anthropic's errors mean.
    static let errors = ErrorMap([
        ErrorMap.Rule(.contextOverflow, ["request_too_large"]),
        ErrorMap.Rule(.contentFilter, text: "content filtering policy"),
        ErrorMap.Rule(.denied, ["permission_error"]),
        ErrorMap.Rule(.quota, ["billing_error"]),
        ErrorMap.Rule(.rateLimit, ["rate_limit_error"]),
        ErrorMap.Rule(.overloaded, ["overloaded_error"]),
        ErrorMap.Rule(.outage, ["api_error", "timeout_error"]),
    ])
}
