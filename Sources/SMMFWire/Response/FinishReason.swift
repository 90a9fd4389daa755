// SPDX-License-Identifier: MIT

/// Why a model stopped, as the last chunk or the answer says.
public enum FinishReason: UInt8, Sendable, Hashable {
    case stop, length, toolCalls, contentFilter, other

    init(_ bytes: Span<UInt8>, _ text: JSONText) {
        if bytes.matches(text.range, "stop") {
            self = .stop
        } else if bytes.matches(text.range, "length") {
            self = .length
        } else if bytes.matches(text.range, "tool_calls") || bytes.matches(text.range, "function_call") {
            self = .toolCalls
        } else if bytes.matches(text.range, "content_filter") {
            self = .contentFilter
        } else {
            self = .other
        }
    }
}
