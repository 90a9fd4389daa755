// SPDX-License-Identifier: MIT

/// Documents of Ollama's answers.
struct OllamaWords: Sendable {
    private let identity: AnswerIdentity
    private let kind: OllamaClient.Kind

    init(_ identity: AnswerIdentity, _ kind: OllamaClient.Kind) {
        self.identity = identity
        self.kind = kind
    }

    /// A document with a part of the answer and without its end.
    func body(text: String, thinking: String = "", calls: [JSONTree] = []) -> JSONTree {
        var tree: JSONTree = [
            "model": .string(identity.model), "created_at": .string(UTCTime(seconds: identity.created).rfc3339),
        ]
        var message: JSONTree =
            kind == .chat ? ["role": "assistant", "content": .string(text)] : ["response": .string(text)]
        if !thinking.isEmpty { message["thinking"] = .string(thinking) }
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        if kind == .chat {
            tree["message"] = message
        } else {
            for member in message.object?.members ?? [] { tree[member.key] = member.value }
        }
        tree["done"] = false
        return tree
    }

    /// `body` as the last document, with counters. Durations are measured nowhere and stand as zero.
    func last(_ body: JSONTree, _ stop: StopReason, _ usage: TokenUsage) -> JSONTree {
        var tree = body
        tree["done"] = true
        tree["done_reason"] = stop.finishReason == .length ? "length" : "stop"
        tree["total_duration"] = 0
        tree["load_duration"] = 0
        tree["prompt_eval_count"] = .number(usage.prompt)
        tree["prompt_eval_duration"] = 0
        tree["eval_count"] = .number(usage.completion)
        tree["eval_duration"] = 0
        return tree
    }

    /// A choice's calls, whole as they always are.
    static func calls(_ choice: ChatAnswer.Choice) throws(NeutralError) -> [JSONTree] {
        var calls: [JSONTree] = []
        for (index, call) in choice.toolCalls.enumerated() {
            guard let arguments = try call.argumentTree(stop: choice.stop) else { continue }
            calls.append([
                "id": .string(call.id),
                "function": ["index": .number(index), "name": .string(call.name), "arguments": arguments],
            ])
        }
        return calls
    }
}
