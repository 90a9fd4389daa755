// SPDX-License-Identifier: MIT

extension ChatAnswer.Choice {
    /// Adds more of the choice.
    mutating func take(_ delta: ChatDelta) {
        switch delta {
        case .text(let text):
            if case .text(var old) = parts.last?.content {
                // Let go of the part's copy, so that a long text grows in place.
                replaceLast(.text(""))
                old += text
                replaceLast(.text(old))
            } else {
                add(.text(text))
            }
        case .refusal(let text):
            if case .refusal(let old) = parts.last?.content {
                replaceLast(.refusal(old + text))
            } else {
                add(.refusal(text))
            }
        case .reasoning(let text):
            if case .reasoning(var old) = parts.last?.content, old.signature == nil, !old.isRedacted {
                old.text += text
                replaceLast(.reasoning(old))
            } else {
                add(.reasoning(ChatReasoning(text)))
            }
        case .signature(let signature):
            if case .reasoning(var old) = parts.last?.content, !old.isRedacted {
                old.signature = (old.signature ?? "") + signature
                replaceLast(.reasoning(old))
            } else {
                add(.reasoning(ChatReasoning("", signature: signature)))
            }
        case .redacted(let data): add(.reasoning(ChatReasoning(data, isRedacted: true)))
        case .toolCall(_, let id, let name, let signature):
            add(.toolCall(ToolCall(id: id, name: name, arguments: "", signature: signature)))
        case .toolArguments(let index, let text): extendCall(index, text)
        case .logprobs(let more): join(more)
        }
    }

    private mutating func add(_ content: ChatPart.Content) { parts.append(ChatPart(content)) }

    private mutating func replaceLast(_ content: ChatPart.Content) { parts[parts.count - 1].content = content }

    private mutating func extendCall(_ index: Int, _ text: String) {
        var left = index
        for place in parts.indices {
            guard case .toolCall(var call) = parts[place].content else { continue }
            if left == 0 {
                // Let go of the part's copy, so that a long text grows in place.
                parts[place].content = .text("")
                call.arguments += text
                parts[place].content = .toolCall(call)
                return
            }
            left -= 1
        }
    }

    private mutating func join(_ more: JSONTree) {
        guard var joined = logprobs?.object, let more = more.object else {
            logprobs = more
            return
        }
        for member in more.members {
            if let old = joined[member.key]?.array, let new = member.value.array {
                joined[member.key] = .array(old + new)
            } else if joined[member.key]?.present == nil {
                joined[member.key] = member.value
            }
        }
        logprobs = .object(joined)
    }

    /// The deltas that give this choice.
    var deltas: [ChatDelta] {
        var deltas: [ChatDelta] = []
        var calls = 0
        for part in parts {
            switch part.content {
            case .text(let text): deltas.append(.text(text))
            case .refusal(let text): deltas.append(.refusal(text))
            case .reasoning(let reasoning):
                if reasoning.isRedacted {
                    deltas.append(.redacted(reasoning.text))
                } else {
                    if !reasoning.text.isEmpty { deltas.append(.reasoning(reasoning.text)) }
                    if let signature = reasoning.signature { deltas.append(.signature(signature)) }
                }
            case .toolCall(let call):
                deltas.append(.toolCall(index: calls, id: call.id, name: call.name, signature: call.signature))
                if !call.arguments.isEmpty { deltas.append(.toolArguments(index: calls, call.arguments)) }
                calls += 1
            case .image, .file, .audio, .toolResult: continue
            }
        }
        if let logprobs { deltas.append(.logprobs(logprobs)) }
        return deltas
    }
}
