// SPDX-License-Identifier: MIT

/// Writes messages, blocks and tools of Anthropic's Messages API.
///
/// Instructions stand apart, turns of one role that follow one another are one, and results of tools come first in theirs.
/// Reasoning that its provider did not seal, and texts without a character, are left out: the API refuses them.
enum AnthropicBlocks {
    /// The conversation without its instructions.
    static func messages(_ request: ChatRequest) throws(TranslationRefusal) -> [JSONTree] {
        var turns: [(role: ChatMessage.Role, results: [JSONTree], others: [JSONTree])] = []
        for (index, message) in request.messages.enumerated() where !message.isInstruction {
            let role: ChatMessage.Role = message.role == .assistant ? .assistant : .user
            if turns.last?.role != role { turns.append((role, [], [])) }
            for part in message.parts {
                guard let block = try block(part, "messages[\(index)].content") else { continue }
                if case .toolResult = part.content {
                    turns[turns.count - 1].results.append(block)
                } else {
                    turns[turns.count - 1].others.append(block)
                }
            }
        }
        return turns.compactMap { turn in
            let blocks = turn.results + turn.others
            guard let first = blocks.first else { return nil }
            let role: JSONTree = .string(turn.role.rawValue)
            if blocks.count == 1, first.object?.keys == ["type", "text"] {
                return ["role": role, "content": first["text"] ?? ""]
            }
            return ["role": role, "content": .array(blocks)]
        }
    }

    /// One block; nil for what is left out.
    static func block(_ part: ChatPart, _ field: String) throws(TranslationRefusal) -> JSONTree? {
        var block: JSONTree
        switch part.content {
        case .text(let text), .refusal(let text):
            guard !text.isEmpty else { return nil }
            block = ["type": "text", "text": .string(text)]
        case .image(let media, _): block = ["type": "image", "source": try source(media, field)]
        case .file(let media):
            block = ["type": "document", "source": try source(media, field)]
            if let name = media.name { block["title"] = .string(name) }
        case .audio: throw .unsaid(field)
        case .reasoning(let reasoning):
            guard reasoning.isRedacted || reasoning.signature != nil else { return nil }
            return reasoning.block
        case .toolCall(let call):
            block = [
                "type": "tool_use", "id": .string(call.id), "name": .string(call.name),
                "input": try call.argumentTree(at: field),
            ]
        case .toolResult(let result): block = try self.result(result, field)
        }
        if let cache = part.cache { block["cache_control"] = hint(cache) }
        return block
    }

    private static func result(_ result: ToolResult, _ field: String) throws(TranslationRefusal) -> JSONTree {
        var block: JSONTree = ["type": "tool_result", "tool_use_id": .string(result.id)]
        if result.parts.count == 1, case .text(let text) = result.parts[0].content {
            block["content"] = .string(text)
        } else if !result.parts.isEmpty {
            var blocks: [JSONTree] = []
            for part in result.parts { if let block = try self.block(part, field) { blocks.append(block) } }
            block["content"] = .array(blocks)
        }
        if result.isError { block["is_error"] = true }
        return block
    }

    private static func source(_ media: ChatMedia, _ field: String) throws(TranslationRefusal) -> JSONTree {
        switch media.source {
        case .url(let url): return ["type": "url", "url": .string(url)]
        case .data(let data):
            guard let type = media.mimeType else {
                throw TranslationRefusal("The field `\(field)` holds data without its media type.", field: field)
            }
            return ["type": "base64", "media_type": .string(type), "data": .string(data)]
        case .text(let text): return ["type": "text", "media_type": "text/plain", "data": .string(text)]
        case .reference(let id): return ["type": "file", "file_id": .string(id)]
        }
    }

    static func tool(_ tool: ChatTool) -> JSONTree {
        if let builtIn = tool.builtIn { return builtIn }
        var tree: JSONTree = ["name": .string(tool.name)]
        if let description = tool.description { tree["description"] = .string(description) }
        tree["input_schema"] = tool.schema
        if let cache = tool.cache { tree["cache_control"] = hint(cache) }
        return tree
    }

    private static func hint(_ cache: CacheHint) -> JSONTree {
        var tree: JSONTree = ["type": "ephemeral"]
        if let ttl = cache.ttl { tree["ttl"] = .string(ttl) }
        return tree
    }
}
