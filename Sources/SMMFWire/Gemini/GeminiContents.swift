// SPDX-License-Identifier: MIT

/// Reads and writes the turns of Gemini's API and their parts.
enum GeminiContents {
    /// The texts of a content.
    static func text(_ content: JSONTree) throws(TranslationRefusal) -> String {
        if let text = content.string { return text }
        return (content["parts"]?.array ?? [content["parts"] ?? [:]]).compactMap { $0["text"]?.string }.joined()
    }

    /// Reads turns. Calls without an id get one that depends on their place alone, and results find theirs by name.
    static func messages(_ contents: [JSONTree]) throws(TranslationRefusal) -> [ChatMessage] {
        var messages: [ChatMessage] = []
        var open: [ToolCall] = []
        for (index, content) in contents.enumerated() {
            var members = try RequestMembers(content, at: "contents[\(index)]")
            let role: ChatMessage.Role = try members.string("role") == "model" ? .assistant : .user
            var parts: [ChatPart] = []
            for (place, part) in (try members.array("parts") ?? []).enumerated() {
                let object = try RequestMembers(part, at: members.field("parts[\(place)]"))
                if let part = try self.part(object, fallback: "\(StableID.prefix)\(index)_\(place)", &open) {
                    parts.append(part)
                }
            }
            messages.append(ChatMessage(role, parts))
        }
        return messages
    }

    private static func part(
        _ object: RequestMembers,
        fallback: String,
        _ open: inout [ToolCall]
    ) throws(TranslationRefusal) -> ChatPart? {
        var members = object
        let signature = try members.string("thoughtSignature")
        let isThought = try members.bool("thought") ?? false
        if let text = try members.string("text") {
            return ChatPart(isThought ? .reasoning(ChatReasoning(text)) : .text(text))
        }
        if var data = try members.members("inlineData") {
            let type = try data.needString("mimeType")
            return media(ChatMedia(.data(try data.needString("data")), mimeType: type), type)
        }
        if var data = try members.members("fileData") {
            let type = try data.string("mimeType")
            return media(ChatMedia(.url(try data.needString("fileUri")), mimeType: type), type ?? "")
        }
        if var call = try members.members("functionCall") {
            let id = try call.string("id") ?? fallback
            let arguments = JSONTree.object(try call.object("args") ?? [:]).text
            let name = try call.needString("name")
            open.append(ToolCall(id: id, name: name, arguments: arguments, signature: signature))
            return open.last.map { ChatPart(.toolCall($0)) }
        }
        if var response = try members.members("functionResponse") {
            let name = try response.needString("name")
            let given = try response.string("id")
            let place = open.firstIndex { given == nil ? $0.name == name : $0.id == given }
            let id = given ?? place.map { open[$0].id } ?? fallback
            if let place { open.remove(at: place) }
            return ChatPart(.toolResult(result(id, name, try response.object("response") ?? [:])))
        }
        if signature != nil || members.rest.isEmpty { return nil }
        throw TranslationRefusal(
            "The field `\(members.path)` must be a part that other backends have too: text, inlineData, fileData, "
                + "functionCall or functionResponse.",
            field: members.path
        )
    }

    private static func media(_ media: ChatMedia, _ type: String) -> ChatPart {
        if type.hasPrefix("image/") { return ChatPart(.image(media, detail: nil)) }
        return ChatPart(type.hasPrefix("audio/") ? .audio(media) : .file(media))
    }

    private static func result(_ id: String, _ name: String, _ response: JSONObject) -> ToolResult {
        if response.count == 1, let text = response["result"]?.string {
            return ToolResult(id: id, name: name, parts: [ChatPart(.text(text))])
        }
        if response.count == 1, let text = response["error"]?.string {
            return ToolResult(id: id, name: name, parts: [ChatPart(.text(text))], isError: true)
        }
        return ToolResult(id: id, name: name, parts: [ChatPart(.text(JSONTree.object(response).text))])
    }

    /// Writes the turns of a request without its instructions; those of one role that follow one another are one.
    static func contents(_ request: ChatRequest) throws(TranslationRefusal) -> [JSONTree] {
        var turns: [(role: String, parts: [JSONTree])] = []
        for (index, message) in request.messages.enumerated() where !message.isInstruction {
            let role = message.role == .assistant ? "model" : "user"
            if turns.last?.role != role { turns.append((role, [])) }
            for part in message.parts {
                turns[turns.count - 1].parts += try written(part, request, "messages[\(index)].content")
            }
        }
        return turns.filter { !$0.parts.isEmpty }.map { ["role": .string($0.role), "parts": .array($0.parts)] }
    }

    private static func written(
        _ part: ChatPart,
        _ request: ChatRequest,
        _ field: String
    ) throws(TranslationRefusal) -> [JSONTree] {
        switch part.content {
        case .text(let text), .refusal(let text): return [["text": .string(text)]]
        case .reasoning: return []
        case .image(let media, _), .file(let media), .audio(let media): return [try written(media, field)]
        case .toolCall(let call):
            var function: JSONTree = [:]
            if !call.id.hasPrefix(StableID.prefix) { function["id"] = .string(call.id) }
            function["name"] = .string(call.name)
            function["args"] = try call.argumentTree(at: field)
            var tree: JSONTree = ["functionCall": function]
            if let signature = call.signature { tree["thoughtSignature"] = .string(signature) }
            return [tree]
        case .toolResult(let result):
            guard let name = result.name ?? request.toolName(of: result.id) else {
                throw TranslationRefusal(
                    "The field `\(field)` answers the call `\(result.id)`, which no message before it makes.",
                    field: field
                )
            }
            var response: JSONTree = [:]
            if !result.id.hasPrefix(StableID.prefix) { response["id"] = .string(result.id) }
            response["name"] = .string(name)
            response["response"] = self.response(result)
            var parts: [JSONTree] = [["functionResponse": response]]
            for part in result.parts where !part.isText { parts += try written(part, request, field) }
            return parts
        }
    }

    private static func response(_ result: ToolResult) -> JSONTree {
        let text = result.text
        if result.isError { return ["error": .string(text)] }
        if let tree = try? JSONTree(text: text), tree.object != nil { return tree }
        return ["result": .string(text)]
    }

    private static func written(_ media: ChatMedia, _ field: String) throws(TranslationRefusal) -> JSONTree {
        switch media.source {
        case .data(let data):
            guard let type = media.mimeType else { throw .unsaid(field) }
            return ["inlineData": ["mimeType": .string(type), "data": .string(data)]]
        case .url(let url):
            var file: JSONTree = [:]
            if let type = media.mimeType { file["mimeType"] = .string(type) }
            file["fileUri"] = .string(url)
            return ["fileData": file]
        case .text(let text): return ["text": .string(text)]
        case .reference: throw .unsaid(field)
        }
    }

    /// A part of an answer; nil for what the API has no words for.
    static func part(_ part: ChatPart, stop: StopReason?) throws(NeutralError) -> JSONTree? {
        switch part.content {
        case .text(let text), .refusal(let text): return ["text": .string(text)]
        case .reasoning(let reasoning):
            return reasoning.isRedacted ? nil : ["text": .string(reasoning.text), "thought": true]
        case .toolCall(let call):
            guard let arguments = try call.argumentTree(stop: stop) else { return nil }
            var tree: JSONTree = [
                "functionCall": ["id": .string(call.id), "name": .string(call.name), "args": arguments]
            ]
            if let signature = call.signature { tree["thoughtSignature"] = .string(signature) }
            return tree
        case .image, .file, .audio, .toolResult: return nil
        }
    }
}
