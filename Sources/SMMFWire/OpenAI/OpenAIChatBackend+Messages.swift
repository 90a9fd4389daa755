// SPDX-License-Identifier: MIT

extension OpenAIChatBackend {
    /// The messages in OpenAI's form. Results of tools become messages of their own, before what else stands in their turn;
    /// images and files among them follow in a user's message, as a tool's may hold only text.
    func messages(_ request: ChatRequest) throws(TranslationRefusal) -> [JSONTree] {
        var output: [JSONTree] = []
        var index = 0
        for message in request.messages {
            switch message.role {
            case .system, .developer:
                let role = message.role == .developer && shape.hasDeveloperRole ? "developer" : "system"
                output.append(named(message, ["role": .string(role), "content": try content(message.parts, index)]))
            case .user, .tool: try appendTurn(message, index, to: &output)
            case .assistant: output.append(named(message, try assistant(message, index)))
            }
            index += 1
        }
        return output
    }

    private func named(_ message: ChatMessage, _ tree: JSONTree) -> JSONTree {
        guard let name = message.name else { return tree }
        var tree = tree
        tree["name"] = .string(name)
        return tree
    }

    private func appendTurn(
        _ message: ChatMessage,
        _ index: Int,
        to output: inout [JSONTree]
    ) throws(TranslationRefusal) {
        var rest: [ChatPart] = []
        var media: [ChatPart] = []
        for part in message.parts {
            guard case .toolResult(let result) = part.content else {
                rest.append(part)
                continue
            }
            let texts = result.parts.filter(\.isText)
            media += result.parts.filter { !$0.isText }
            output.append([
                "role": "tool", "tool_call_id": .string(shape.toolID(result.id)), "content": try content(texts, index),
            ])
        }
        rest = media + rest
        guard !rest.isEmpty || message.parts.isEmpty else { return }
        output.append(named(message, ["role": "user", "content": try content(rest, index)]))
    }

    private func assistant(_ message: ChatMessage, _ index: Int) throws(TranslationRefusal) -> JSONTree {
        let calls = message.toolCalls
        let texts = message.parts.filter(\.isText)
        var tree: JSONTree = ["role": "assistant"]
        tree["content"] = texts.isEmpty ? .null : try content(texts, index)
        for part in message.parts {
            switch part.content {
            case .refusal(let text): tree["refusal"] = .string(text)
            case .image, .file, .audio: throw .unsaid("messages[\(index)].content")
            default: break
            }
        }
        if shape.sendsReasoning {
            let reasoning = ChatAnswer.Choice(parts: message.parts).reasoning
            if !reasoning.isEmpty { tree["reasoning_content"] = .string(reasoning) }
        }
        if !calls.isEmpty {
            tree["tool_calls"] = .array(
                calls.map { call in
                    var call = call
                    call.id = shape.toolID(call.id)
                    if call.arguments.isEmpty { call.arguments = "{}" }
                    return call.openAI
                }
            )
        } else if texts.isEmpty, tree["refusal"] == nil {
            tree["content"] = ""
        }
        return tree
    }

    /// A text where that is all there is, and a list of parts otherwise.
    private func content(_ parts: [ChatPart], _ index: Int) throws(TranslationRefusal) -> JSONTree {
        if parts.isEmpty { return "" }
        if parts.count == 1, case .text(let text) = parts[0].content { return .string(text) }
        var output: [JSONTree] = []
        for part in parts {
            switch part.content {
            case .text(let text): output.append(["type": "text", "text": .string(text)])
            case .refusal(let text): output.append(["type": "refusal", "refusal": .string(text)])
            case .image(let media, let detail):
                guard let url = media.url else { throw .unsaid("messages[\(index)].content") }
                var image: JSONTree = ["url": .string(url)]
                if let detail { image["detail"] = .string(detail) }
                output.append(["type": "image_url", "image_url": image])
            case .audio(let media):
                guard case .data(let data) = media.source else { throw .unsaid("messages[\(index)].content") }
                let format = media.format == "mpeg" ? "mp3" : media.format ?? "wav"
                output.append([
                    "type": "input_audio", "input_audio": ["data": .string(data), "format": .string(format)],
                ])
            case .file(let media): output.append(try file(media, index))
            case .reasoning, .toolCall, .toolResult: throw .unsaid("messages[\(index)].content")
            }
        }
        return .array(output)
    }

    private func file(_ media: ChatMedia, _ index: Int) throws(TranslationRefusal) -> JSONTree {
        switch media.source {
        case .reference(let id):
            var file: JSONTree = [:]
            if let name = media.name { file["filename"] = .string(name) }
            file["file_id"] = .string(id)
            return ["type": "file", "file": file]
        case .data:
            let kind = media.mimeType == "application/pdf" ? "pdf" : media.format ?? "bin"
            return [
                "type": "file",
                "file": [
                    "filename": .string(media.name ?? "document.\(kind)"), "file_data": .string(media.url ?? ""),
                ],
            ]
        case .text(let text): return ["type": "text", "text": .string(text)]
        case .url: throw .unsaid("messages[\(index)].content")
        }
    }
}

extension ChatPart {
    /// Whether it is text.
    var isText: Bool { if case .text = content { true } else { false } }
}
