// SPDX-License-Identifier: MIT

extension OpenAIChatClient {
    /// Reads one message.
    static func message(_ object: RequestMembers) throws(TranslationRefusal) -> ChatMessage {
        var members = object
        let role = try members.needString("role")
        switch role {
        case "system", "developer", "user":
            let role: ChatMessage.Role = role == "user" ? .user : role == "system" ? .system : .developer
            return ChatMessage(role, try content(&members, needs: true), name: try members.string("name"))
        case "assistant":
            var parts = try reasoning(&members)
            parts += try content(&members, needs: false)
            if let refusal = try members.string("refusal") { parts.append(ChatPart(.refusal(refusal))) }
            if members.take("function_call") != nil { throw members.wrong("function_call", "given as `tool_calls`") }
            for (index, call) in (try members.array("tool_calls") ?? []).enumerated() {
                let call = try toolCall(RequestMembers(call, at: members.field("tool_calls[\(index)]")))
                parts.append(ChatPart(.toolCall(call)))
            }
            return ChatMessage(.assistant, parts, name: try members.string("name"))
        case "tool":
            let id = try members.needString("tool_call_id")
            let name = try members.string("name")
            let result = ToolResult(id: id, name: name, parts: try content(&members, needs: true))
            return ChatMessage(.tool, [ChatPart(.toolResult(result))])
        default: throw members.wrong("role", "`system`, `developer`, `user`, `assistant` or `tool`")
        }
    }

    private static func toolCall(_ object: RequestMembers) throws(TranslationRefusal) -> ToolCall {
        var members = object
        let id = try members.needString("id")
        guard var function = try members.members("function") else { throw members.missing("function") }
        return ToolCall(
            id: id,
            name: try function.needString("name"),
            arguments: try function.string("arguments") ?? "",
            signature: members.take("extra_content")?["google"]?["thought_signature"]?.string
        )
    }

    /// Reasoning that a client sends back: with seals in `thinking_blocks`, plain in `reasoning_content`.
    private static func reasoning(_ members: inout RequestMembers) throws(TranslationRefusal) -> [ChatPart] {
        let other = try members.string("reasoning")
        let plain = try members.string("reasoning_content") ?? other
        let blocks = try members.array("thinking_blocks") ?? []
        let sealed = blocks.compactMap { block -> ChatPart? in
            if let data = block["data"]?.string { return ChatPart(.reasoning(ChatReasoning(data, isRedacted: true))) }
            guard let text = block["thinking"]?.string else { return nil }
            return ChatPart(.reasoning(ChatReasoning(text, signature: block["signature"]?.string)))
        }
        if !sealed.isEmpty { return sealed }
        guard let plain, !plain.isEmpty else { return [] }
        return [ChatPart(.reasoning(ChatReasoning(plain)))]
    }

    private static func content(
        _ members: inout RequestMembers,
        needs: Bool
    ) throws(TranslationRefusal) -> [ChatPart] {
        guard let value = members.take("content") else {
            if needs { throw members.missing("content") }
            return []
        }
        if let text = value.string { return text.isEmpty && !needs ? [] : [ChatPart(.text(text))] }
        guard let list = value.array else { throw members.wrong("content", "a string or an array of parts") }
        var parts: [ChatPart] = []
        for (index, part) in list.enumerated() {
            parts.append(try self.part(RequestMembers(part, at: members.field("content[\(index)]"))))
        }
        return parts
    }

    private static func part(_ object: RequestMembers) throws(TranslationRefusal) -> ChatPart {
        var members = object
        let cache = members.take("cache_control").map { CacheHint(ttl: $0["ttl"]?.string) }
        switch try members.needString("type") {
        case "text": return ChatPart(.text(try members.needString("text")), cache: cache)
        case "refusal": return ChatPart(.refusal(try members.needString("refusal")))
        case "image_url":
            guard var image = try members.members("image_url") else { throw members.missing("image_url") }
            let media = ChatMedia(url: try image.needString("url"))
            return ChatPart(.image(media, detail: try image.string("detail")), cache: cache)
        case "input_audio":
            guard var audio = try members.members("input_audio") else { throw members.missing("input_audio") }
            let data = try audio.needString("data")
            return ChatPart(.audio(ChatMedia(.data(data), mimeType: "audio/" + (try audio.needString("format")))))
        case "file":
            guard var file = try members.members("file") else { throw members.missing("file") }
            let name = try file.string("filename")
            if let id = try file.string("file_id") { return ChatPart(.file(ChatMedia(.reference(id), name: name))) }
            return ChatPart(.file(ChatMedia(url: try file.needString("file_data"), name: name)), cache: cache)
        default: throw members.wrong("type", "`text`, `image_url`, `input_audio`, `file` or `refusal`")
        }
    }
}
