// SPDX-License-Identifier: MIT

extension OpenAIChatClient {
    public func whole(
        _ answer: ChatAnswer,
        to request: ChatRequest,
        as identity: AnswerIdentity
    ) throws(NeutralError) -> JSONTree {
        let choices: [JSONTree] = answer.choices.enumerated().map { index, choice in
            [
                "index": .number(index), "message": Self.message(choice), "logprobs": choice.logprobs ?? .null,
                "finish_reason": .string((choice.stop ?? .end).finishReason.word),
            ]
        }
        var tree: JSONTree = [
            "id": .string(answer.id ?? identity.id), "object": "chat.completion", "created": .number(identity.created),
            "model": .string(identity.model), "choices": .array(choices),
        ]
        if let usage = answer.usage { tree["usage"] = usage.openAI }
        return tree
    }

    private static func message(_ choice: ChatAnswer.Choice) -> JSONTree {
        let calls = choice.toolCalls
        let text = choice.text
        var message: JSONTree = [
            "role": "assistant",
            "content": text.isEmpty && (!calls.isEmpty || choice.refusal != nil) ? .null : .string(text),
            "refusal": choice.refusal.map(JSONTree.string) ?? .null,
        ]
        let reasoning = choice.reasoning
        if !reasoning.isEmpty { message["reasoning_content"] = .string(reasoning) }
        let blocks = choice.parts.compactMap { part -> JSONTree? in
            guard case .reasoning(let reasoning) = part.content else { return nil }
            return reasoning.isRedacted || reasoning.signature != nil ? reasoning.block : nil
        }
        if !blocks.isEmpty { message["thinking_blocks"] = .array(blocks) }
        if !calls.isEmpty { message["tool_calls"] = .array(calls.map(\.openAI)) }
        return message
    }
}

extension ChatReasoning {
    /// A block of the form that Anthropic's API has, and clients of OpenAI's carry in `thinking_blocks`.
    var block: JSONTree {
        if isRedacted { return ["type": "redacted_thinking", "data": .string(text)] }
        return ["type": "thinking", "thinking": .string(text), "signature": .string(signature ?? "")]
    }
}

extension ToolCall {
    /// The call as it stands in a message of OpenAI's chat API.
    var openAI: JSONTree {
        var call: JSONTree = [
            "id": .string(id), "type": "function",
            "function": ["name": .string(name), "arguments": .string(arguments)],
        ]
        if let signature { call["extra_content"] = ["google": ["thought_signature": .string(signature)]] }
        return call
    }
}

extension FinishReason {
    /// The word in OpenAI's chat API.
    var word: String {
        switch self {
        case .stop, .other: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        case .contentFilter: "content_filter"
        }
    }
}

extension TokenUsage {
    /// The usage in OpenAI's words.
    var openAI: JSONTree {
        var input: JSONTree = ["cached_tokens": .number(cached)]
        if cacheWritten > 0 { input["cache_write_tokens"] = .number(cacheWritten) }
        return [
            "prompt_tokens": .number(prompt), "completion_tokens": .number(completion),
            "total_tokens": .number(prompt + completion), "prompt_tokens_details": input,
            "completion_tokens_details": ["reasoning_tokens": .number(reasoning)],
        ]
    }
}
