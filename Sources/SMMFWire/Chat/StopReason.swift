// SPDX-License-Identifier: MIT

/// Why a model stopped.
public enum StopReason: Sendable, Hashable {
    /// It was done.
    case end
    /// It met one of the texts to stop at; which one, where that is said.
    case stopSequence(String?)
    /// It reached the tokens it was allowed.
    case length
    /// It waits for tools.
    case toolCalls
    /// The provider's filter cut it off.
    case contentFilter
    /// It refused.
    case refusal
    /// Its context is full.
    case contextFull
    /// A long turn with the provider's own tools was paused, and goes on with the next request.
    case paused

    /// The word for it in OpenAI's chat API.
    var finishReason: FinishReason {
        switch self {
        case .end, .stopSequence, .paused: .stop
        case .length, .contextFull: .length
        case .toolCalls: .toolCalls
        case .contentFilter, .refusal: .contentFilter
        }
    }

    /// Reads OpenAI's word, and those that its imitators add. Nil for what says that nothing has ended yet; words of a
    /// failure are no reason to stop and read as `failed`.
    static func read(_ word: String?) -> (reason: StopReason?, isFailure: Bool) {
        switch word {
        case nil, "", "null": (nil, false)
        case "stop", "eos", "end_turn", "normal", "done": (.end, false)
        case "length", "max_tokens": (.length, false)
        case "model_length", "model_context_window_exceeded": (.contextFull, false)
        case "tool_calls", "function_call", "tool_use": (.toolCalls, false)
        case "content_filter", "sensitive": (.contentFilter, false)
        case "error", "network_error", "insufficient_system_resource", "aborted": (nil, true)
        default: (.end, false)
        }
    }
}
