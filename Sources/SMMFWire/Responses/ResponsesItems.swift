// SPDX-License-Identifier: MIT

/// Reads the input of OpenAI's Responses API: a text, or items. What a model said stands in several items there, and is one
/// message here.
enum ResponsesItems {
    /// What the seal of redacted reasoning begins with, which other APIs have as a block of its own.
    static let redacted = "redacted:"

    static func messages(_ input: JSONTree) throws(TranslationRefusal) -> [ChatMessage] {
        if let text = input.string { return [ChatMessage(.user, text: text)] }
        guard let items = input.array else {
            throw TranslationRefusal("The field `input` must be a string or an array of items.", field: "input")
        }
        var messages: [ChatMessage] = []
        for (index, item) in items.enumerated() {
            let message = try message(RequestMembers(item, at: "input[\(index)]"))
            if message.role == .assistant, messages.last?.role == .assistant {
                messages[messages.count - 1].parts += message.parts
            } else {
                messages.append(message)
            }
        }
        return messages
    }

    private static func message(_ object: RequestMembers) throws(TranslationRefusal) -> ChatMessage {
        var members = object
        switch try members.string("type") ?? "message" {
        case "message":
            let name = try members.needString("role")
            guard let role = ChatMessage.Role(rawValue: name), role != .tool else {
                throw members.wrong("role", "`system`, `developer`, `user` or `assistant`")
            }
            return ChatMessage(role, try content(&members, "content"))
        case "function_call":
            let id = try members.needString("call_id")
            let name = try members.needString("name")
            let call = ToolCall(id: id, name: name, arguments: try members.string("arguments") ?? "")
            return ChatMessage(.assistant, [ChatPart(.toolCall(call))])
        case "function_call_output":
            let id = try members.needString("call_id")
            return ChatMessage(
                .tool,
                [ChatPart(.toolResult(ToolResult(id: id, parts: try content(&members, "output"))))]
            )
        case "reasoning": return ChatMessage(.assistant, [ChatPart(.reasoning(try reasoning(&members)))])
        default:
            throw members.wrong(
                "type",
                "an item that other backends have too: message, function_call, function_call_output or reasoning"
            )
        }
    }

    private static func reasoning(_ members: inout RequestMembers) throws(TranslationRefusal) -> ChatReasoning {
        let texts = ((try members.array("content") ?? []) + (try members.array("summary") ?? []))
            .compactMap { $0["text"]?.string }
        let seal = try members.string("encrypted_content")
        if let seal, seal.hasPrefix(redacted) {
            return ChatReasoning(String(seal.dropFirst(redacted.count)), isRedacted: true)
        }
        return ChatReasoning(texts.joined(separator: "\n"), signature: seal)
    }

    private static func content(_ members: inout RequestMembers, _ key: String) throws(TranslationRefusal) -> [ChatPart]
    {
        guard let value = members.take(key) else { throw members.missing(key) }
        if let text = value.string { return [ChatPart(.text(text))] }
        guard let list = value.array else { throw members.wrong(key, "a string or an array of parts") }
        var parts: [ChatPart] = []
        for (index, part) in list.enumerated() {
            parts.append(ChatPart(try self.part(RequestMembers(part, at: members.field("\(key)[\(index)]")))))
        }
        return parts
    }

    private static func part(_ object: RequestMembers) throws(TranslationRefusal) -> ChatPart.Content {
        var members = object
        switch try members.needString("type") {
        case "input_text", "output_text", "text": return .text(try members.needString("text"))
        case "refusal": return .refusal(try members.needString("refusal"))
        case "input_image":
            let detail = try members.string("detail")
            if let id = try members.string("file_id") { return .image(ChatMedia(.reference(id)), detail: detail) }
            return .image(ChatMedia(url: try members.needString("image_url")), detail: detail)
        case "input_file":
            let name = try members.string("filename")
            if let id = try members.string("file_id") { return .file(ChatMedia(.reference(id), name: name)) }
            let url = try members.string("file_url")
            let data = try members.string("file_data")
            guard let address = url ?? data else { throw members.missing("file_data") }
            return .file(ChatMedia(url: address, name: name))
        case "input_audio":
            guard var audio = try members.members("input_audio") else { throw members.missing("input_audio") }
            let data = try audio.needString("data")
            return .audio(ChatMedia(.data(data), mimeType: "audio/" + (try audio.needString("format"))))
        default: throw members.wrong("type", "`input_text`, `input_image`, `input_file`, `input_audio` or `refusal`")
        }
    }
}
