// SPDX-License-Identifier: MIT

/// The top-level members of a request body that a gateway looks at.
public enum RequestMember: UInt8, Sendable, Hashable, CaseIterable {
    case model, stream, streamOptions, maxTokens, maxCompletionTokens, messages, prompt, input, query, documents, top
    case encodingFormat, dimensions, maxOutputTokens

    /// The member's key.
    public var key: StaticString {
        switch self {
        case .model: "model"
        case .stream: "stream"
        case .streamOptions: "stream_options"
        case .maxTokens: "max_tokens"
        case .maxCompletionTokens: "max_completion_tokens"
        case .messages: "messages"
        case .prompt: "prompt"
        case .input: "input"
        case .query: "query"
        case .documents: "documents"
        case .top: "top_n"
        case .encodingFormat: "encoding_format"
        case .dimensions: "dimensions"
        case .maxOutputTokens: "max_output_tokens"
        }
    }

    /// Recognises a key; an escaped one is decoded first, so that it cannot pass for another name.
    init?(_ key: JSONText, in bytes: Span<UInt8>) {
        if key.isEscaped {
            let name = key.decoded(in: bytes)
            guard let member = Self.allCases.first(where: { $0.key.description == name }) else { return nil }
            self = member
            return
        }
        for member in Self.allCases where bytes.matches(key.range, member.key) {
            self = member
            return
        }
        return nil
    }
}
