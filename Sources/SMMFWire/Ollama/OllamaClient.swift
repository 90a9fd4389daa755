// SPDX-License-Identifier: MIT

/// Clients of Ollama's `/api/chat` and `/api/generate`. Streams are the rule: they are JSON documents, one on each line.
public struct OllamaClient: ChatClientDialect {
    /// Which of the two paths.
    public enum Kind: Sendable, Hashable { case chat, generate }

    public let kind: Kind

    /// Creates the dialect.
    public init(_ kind: Kind = .chat) { self.kind = kind }

    public var name: String { kind == .chat ? "ollama" : "ollama-generate" }

    public func read(_ input: ClientInput) throws(TranslationRefusal) -> ChatRequest {
        var members = try RequestMembers(input.body)
        let model = try members.needString("model")
        let messages = kind == .chat ? try Self.chat(&members) : try Self.generate(&members)
        var request = ChatRequest(model: model, messages: messages, family: .ollama)
        for (index, tool) in (try members.array("tools") ?? []).enumerated() {
            request.tools.append(try Self.tool(tool, at: "tools[\(index)]"))
        }
        if var options = try members.members("options") { try Self.read(&options, &request) }
        switch members.take("format") {
        case nil: break
        case .string(""): break
        case .string("json"): request.format = .json
        case .object(let schema): request.format = .schema(ResponseSchema(name: "answer", schema: .object(schema)))
        default: throw members.wrong("format", "`json` or a JSON schema")
        }
        switch members.take("think") {
        case nil: break
        case .bool(let isOn): request.reasoning.isEnabled = isOn
        case .string(let effort): request.reasoning.effort = effort
        default: throw members.wrong("think", "true, false or a word")
        }
        request.streams = try members.bool("stream") ?? true
        request.includesUsage = true
        request.logprobs = try members.bool("logprobs")
        request.topLogprobs = try members.int("top_logprobs")
        // How long Ollama keeps a model has no meaning for other backends.
        _ = members.take("keep_alive")
        request.extra = members.rest
        return request
    }

    private static func tool(_ tree: JSONTree, at path: String) throws(TranslationRefusal) -> ChatTool {
        var members = try RequestMembers(tree, at: path)
        guard var function = try members.members("function") else { throw members.missing("function") }
        return ChatTool(
            name: try function.needString("name"),
            description: try function.string("description"),
            parameters: try function.object("parameters").map { .object($0) }
        )
    }

    private static func read(_ options: inout RequestMembers, _ request: inout ChatRequest) throws(TranslationRefusal) {
        // Negative numbers are for no limit.
        request.maxTokens = try options.int("num_predict").flatMap { $0 > 0 ? $0 : nil }
        request.sampling = try OpenAIChatClient.sampling(&options)
        let repetition = try options.double("repeat_penalty")
        request.sampling.repetitionPenalty = request.sampling.repetitionPenalty ?? repetition
        request.stop = try options.strings("stop") ?? []
    }

    private static func generate(_ members: inout RequestMembers) throws(TranslationRefusal) -> [ChatMessage] {
        for key in ["suffix", "template", "raw", "context"] {
            guard let value = members.take(key) else { continue }
            if value == "" || value == false || value == [] { continue }
            throw members.wrong(key, "left out; other backends have no words for it")
        }
        var messages: [ChatMessage] = []
        if let system = try members.string("system"), !system.isEmpty {
            messages.append(ChatMessage(.system, text: system))
        }
        let prompt = try members.string("prompt") ?? ""
        guard !prompt.isEmpty else { throw members.missing("prompt") }
        messages.append(ChatMessage(.user, [ChatPart(.text(prompt))] + (try images(&members))))
        return messages
    }

    private static func images(_ members: inout RequestMembers) throws(TranslationRefusal) -> [ChatPart] {
        (try members.strings("images") ?? []).map { data in
            ChatPart(.image(ChatMedia(.data(data), mimeType: ImageType.guess(data)), detail: nil))
        }
    }

    private static func chat(_ members: inout RequestMembers) throws(TranslationRefusal) -> [ChatMessage] {
        guard let list = try members.array("messages"), !list.isEmpty else { throw members.missing("messages") }
        var messages: [ChatMessage] = []
        var open: [ToolCall] = []
        for (index, message) in list.enumerated() {
            var members = try RequestMembers(message, at: "messages[\(index)]")
            let text = try members.string("content") ?? ""
            var parts = text.isEmpty ? [] : [ChatPart(.text(text))]
            parts += try images(&members)
            switch try members.needString("role") {
            case "system": messages.append(ChatMessage(.system, parts))
            case "user": messages.append(ChatMessage(.user, parts))
            case "assistant":
                if let thought = try members.string("thinking"), !thought.isEmpty {
                    parts.insert(ChatPart(.reasoning(ChatReasoning(thought))), at: 0)
                }
                let calls = try calls(&members, index)
                open += calls
                messages.append(ChatMessage(.assistant, parts + calls.map { ChatPart(.toolCall($0)) }))
            case "tool":
                let old = try members.string("name")
                let name = try members.string("tool_name") ?? old
                let given = try members.string("tool_call_id")
                // Without an id a result belongs to the first call of its tool, or the first at all.
                let place = open.firstIndex { given != nil ? $0.id == given : name == nil || $0.name == name }
                let id = given ?? place.map { open[$0].id } ?? "\(StableID.prefix)\(index)"
                if let place { open.remove(at: place) }
                messages.append(
                    ChatMessage(.tool, [ChatPart(.toolResult(ToolResult(id: id, name: name, parts: parts)))])
                )
            default: throw members.wrong("role", "`system`, `user`, `assistant` or `tool`")
            }
        }
        return messages
    }

    private static func calls(_ members: inout RequestMembers, _ index: Int) throws(TranslationRefusal) -> [ToolCall] {
        var calls: [ToolCall] = []
        for (place, call) in (try members.array("tool_calls") ?? []).enumerated() {
            var call = try RequestMembers(call, at: members.field("tool_calls[\(place)]"))
            guard var function = try call.members("function") else { throw call.missing("function") }
            let id = try call.string("id") ?? "\(StableID.prefix)\(index)_\(place)"
            let arguments = JSONTree.object(try function.object("arguments") ?? [:]).text
            calls.append(ToolCall(id: id, name: try function.needString("name"), arguments: arguments))
        }
        return calls
    }

    public func error(_ error: NeutralError) -> JSONTree { ["error": .string(error.clientText)] }

    public func streamWriter(for request: ChatRequest, as identity: AnswerIdentity) -> any ChatStreamWriter {
        OllamaStreamWriter(identity, kind)
    }

    public func whole(
        _ answer: ChatAnswer,
        to request: ChatRequest,
        as identity: AnswerIdentity
    ) throws(NeutralError) -> JSONTree {
        let choice = answer.choices.first ?? ChatAnswer.Choice()
        let words = OllamaWords(identity, kind)
        let calls = try OllamaWords.calls(choice)
        let body = words.body(text: choice.text + (choice.refusal ?? ""), thinking: choice.reasoning, calls: calls)
        return words.last(body, choice.stop ?? .end, answer.usage ?? TokenUsage())
    }
}
