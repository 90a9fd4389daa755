// SPDX-License-Identifier: MIT

extension AnthropicClient {
    static func message(_ object: RequestMembers) throws(TranslationRefusal) -> ChatMessage {
        var members = object
        let role: ChatMessage.Role
        switch try members.needString("role") {
        case "user": role = .user
        case "assistant": role = .assistant
        case "system": role = .system
        default: throw members.wrong("role", "`user` or `assistant`")
        }
        guard let parts = try content(&members, "content") else { throw members.missing("content") }
        return ChatMessage(role, parts)
    }

    /// A text, or blocks.
    static func content(_ members: inout RequestMembers, _ key: String) throws(TranslationRefusal) -> [ChatPart]? {
        guard let value = members.take(key) else { return nil }
        if let text = value.string { return [ChatPart(.text(text))] }
        guard let list = value.array else { throw members.wrong(key, "a string or an array of blocks") }
        var parts: [ChatPart] = []
        for (index, block) in list.enumerated() {
            parts.append(try part(RequestMembers(block, at: members.field("\(key)[\(index)]"))))
        }
        return parts
    }

    private static func part(_ object: RequestMembers) throws(TranslationRefusal) -> ChatPart {
        var members = object
        let cache = hint(&members)
        switch try members.needString("type") {
        case "text": return ChatPart(.text(try members.needString("text")), cache: cache)
        case "image": return ChatPart(.image(try source(&members, name: nil), detail: nil), cache: cache)
        case "document":
            let name = try members.string("title")
            return ChatPart(.file(try source(&members, name: name)), cache: cache)
        case "tool_use":
            let id = try members.needString("id")
            let input = try members.object("input") ?? [:]
            let arguments = JSONTree.object(input).text
            let call = ToolCall(id: id, name: try members.needString("name"), arguments: arguments)
            return ChatPart(.toolCall(call), cache: cache)
        case "tool_result":
            let id = try members.needString("tool_use_id")
            let parts = try content(&members, "content") ?? []
            let result = ToolResult(id: id, parts: parts, isError: try members.bool("is_error") ?? false)
            return ChatPart(.toolResult(result), cache: cache)
        case "thinking":
            let text = try members.needString("thinking")
            return ChatPart(.reasoning(ChatReasoning(text, signature: try members.string("signature"))))
        case "redacted_thinking":
            return ChatPart(.reasoning(ChatReasoning(try members.needString("data"), isRedacted: true)))
        default:
            throw members.wrong(
                "type",
                "a block that other backends have too: text, image, document, tool_use or tool_result"
            )
        }
    }

    private static func source(_ members: inout RequestMembers, name: String?) throws(TranslationRefusal) -> ChatMedia {
        guard var source = try members.members("source") else { throw members.missing("source") }
        let type = try source.string("media_type")
        switch try source.needString("type") {
        case "base64": return ChatMedia(.data(try source.needString("data")), mimeType: type, name: name)
        case "url": return ChatMedia(.url(try source.needString("url")), mimeType: type, name: name)
        case "text": return ChatMedia(.text(try source.needString("data")), mimeType: type, name: name)
        case "file": return ChatMedia(.reference(try source.needString("file_id")), mimeType: type, name: name)
        default: throw source.wrong("type", "`base64`, `url`, `text` or `file`")
        }
    }
}
