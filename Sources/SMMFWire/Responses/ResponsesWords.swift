// SPDX-License-Identifier: MIT

/// The documents of answers of OpenAI's Responses API.
struct ResponsesWords: Sendable {
    let id: String
    private let identity: AnswerIdentity
    private let request: ChatRequest

    init(_ identity: AnswerIdentity, _ request: ChatRequest) {
        self.identity = identity
        self.request = request
        id = identity.id.hasPrefix("resp_") ? identity.id : "resp_\(identity.id)"
    }

    /// The id of the item at a place of the output.
    func item(_ kind: StaticString, _ place: Int) -> String { "\(kind)_\(identity.id)_\(place)" }

    func text(_ text: String) -> JSONTree {
        ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
    }

    func refusal(_ text: String) -> JSONTree { ["type": "refusal", "refusal": .string(text)] }

    func message(_ place: Int, _ content: [JSONTree], status: JSONTree) -> JSONTree {
        [
            "id": .string(item("msg", place)), "type": "message", "status": status, "role": "assistant",
            "content": .array(content),
        ]
    }

    func call(_ place: Int, _ call: ToolCall, status: JSONTree) -> JSONTree {
        [
            "id": .string(item("fc", place)), "type": "function_call", "status": status, "call_id": .string(call.id),
            "name": .string(call.name), "arguments": .string(call.arguments),
        ]
    }

    func reasoning(_ place: Int, _ reasoning: ChatReasoning) -> JSONTree {
        let isShown = !reasoning.isRedacted && !reasoning.text.isEmpty
        let summary: [JSONTree] = isShown ? [["type": "summary_text", "text": .string(reasoning.text)]] : []
        var tree: JSONTree = ["id": .string(item("rs", place)), "type": "reasoning", "summary": .array(summary)]
        let seal = reasoning.isRedacted ? ResponsesItems.redacted + reasoning.text : reasoning.signature
        if let seal { tree["encrypted_content"] = .string(seal) }
        return tree
    }

    /// The answer when it is complete.
    func response(_ output: [JSONTree], stop: StopReason, usage: TokenUsage) -> JSONTree {
        let reason: JSONTree? =
            switch stop.finishReason {
            case .length: "max_output_tokens"
            case .contentFilter: stop == .refusal ? nil : "content_filter"
            case .stop, .toolCalls, .other: nil
            }
        var tree = response(output, status: reason == nil ? "completed" : "incomplete")
        if let reason { tree["incomplete_details"] = ["reason": reason] }
        tree["usage"] = [
            "input_tokens": .number(usage.prompt), "input_tokens_details": ["cached_tokens": .number(usage.cached)],
            "output_tokens": .number(usage.completion),
            "output_tokens_details": ["reasoning_tokens": .number(usage.reasoning)],
            "total_tokens": .number(usage.prompt + usage.completion),
        ]
        return tree
    }

    /// The answer on its way, or failed.
    func response(_ output: [JSONTree], status: JSONTree, error: ErrorEnvelope? = nil) -> JSONTree {
        var tree: JSONTree = [
            "id": .string(id), "object": "response", "created_at": .number(identity.created), "status": status,
            "error": .null, "incomplete_details": .null, "instructions": .null, "model": .string(identity.model),
            "output": .array(output), "parallel_tool_calls": .bool(request.parallelToolCalls ?? true),
            "previous_response_id": request.kept?.previous.map { .string($0) } ?? .null,
            "store": .bool(request.kept?.keeps ?? false), "text": ["format": ["type": "text"]],
            "tool_choice": "auto", "tools": .array(request.tools.map(tool)), "truncation": "disabled", "usage": .null,
            "metadata": request.metadata.map { .object($0) } ?? [:],
        ]
        if let maxTokens = request.maxTokens { tree["max_output_tokens"] = .number(maxTokens) }
        if let value = request.sampling.temperature { tree["temperature"] = .number(value) }
        if let value = request.sampling.topP { tree["top_p"] = .number(value) }
        if let error {
            tree["error"] = ["code": .string(error.code ?? "server_error"), "message": .string(error.message)]
        }
        return tree
    }

    private func tool(_ tool: ChatTool) -> JSONTree {
        if let builtIn = tool.builtIn { return builtIn }
        var tree: JSONTree = ["type": "function", "name": .string(tool.name)]
        if let description = tool.description { tree["description"] = .string(description) }
        tree["parameters"] = tool.schema
        tree["strict"] = .bool(tool.isStrict ?? false)
        return tree
    }
}
