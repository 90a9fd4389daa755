// SPDX-License-Identifier: MIT

/// Clients of Anthropic's Messages API.
public struct AnthropicClient: ChatClientDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "anthropic" }

    public func read(_ input: ClientInput) throws(TranslationRefusal) -> ChatRequest {
        var members = try RequestMembers(input.body)
        let model = try members.needString("model")
        var messages: [ChatMessage] = []
        if let system = try Self.content(&members, "system") { messages.append(ChatMessage(.system, system)) }
        guard let list = try members.array("messages") else { throw members.missing("messages") }
        for (index, message) in list.enumerated() {
            messages.append(try Self.message(RequestMembers(message, at: "messages[\(index)]")))
        }
        var request = ChatRequest(model: model, messages: messages, family: .anthropic)
        for (index, tool) in (try members.array("tools") ?? []).enumerated() {
            request.tools.append(try Self.tool(tool, at: "tools[\(index)]"))
        }
        try Self.readChoice(&members, &request)
        request.maxTokens = try members.int("max_tokens")
        request.stop = try members.strings("stop_sequences") ?? []
        request.sampling.temperature = try members.double("temperature")
        request.sampling.topP = try members.double("top_p")
        request.sampling.topK = try members.int("top_k")
        request.streams = try members.bool("stream") ?? false
        if var metadata = try members.members("metadata") {
            request.user = try metadata.string("user_id")
            if !metadata.rest.isEmpty { request.metadata = metadata.rest }
        }
        try Self.readReasoning(&members, &request)
        request.extra = members.rest
        return request
    }

    private static func tool(_ tree: JSONTree, at path: String) throws(TranslationRefusal) -> ChatTool {
        var members = try RequestMembers(tree, at: path)
        let type = try members.string("type") ?? "custom"
        guard type == "custom" else { return ChatTool(builtIn: tree) }
        return ChatTool(
            name: try members.needString("name"),
            description: try members.string("description"),
            parameters: try members.object("input_schema").map { .object($0) },
            isStrict: try members.bool("strict"),
            cache: hint(&members)
        )
    }

    private static func readChoice(
        _ members: inout RequestMembers,
        _ request: inout ChatRequest
    ) throws(TranslationRefusal) {
        guard var choice = try members.members("tool_choice") else { return }
        if let disabled = try choice.bool("disable_parallel_tool_use") { request.parallelToolCalls = !disabled }
        switch try choice.needString("type") {
        case "auto": request.toolChoice = .auto
        case "any": request.toolChoice = .required
        case "none": request.toolChoice = .never
        case "tool": request.toolChoice = .tool(try choice.needString("name"))
        default: throw choice.wrong("type", "`auto`, `any`, `tool` or `none`")
        }
    }

    private static func readReasoning(
        _ members: inout RequestMembers,
        _ request: inout ChatRequest
    ) throws(TranslationRefusal) {
        if var thinking = try members.members("thinking") {
            request.reasoning.isEnabled = try thinking.string("type") != "disabled"
            request.reasoning.budget = try thinking.int("budget_tokens")
        }
        guard var output = try members.members("output_config") else { return }
        request.reasoning.effort = try output.string("effort")
        guard var format = try output.members("format") else { return }
        guard try format.needString("type") == "json_schema" else { throw format.wrong("type", "`json_schema`") }
        guard let schema = try format.object("schema") else { throw format.missing("schema") }
        let name = try format.string("name") ?? "answer"
        request.format = .schema(ResponseSchema(name: name, schema: .object(schema), isStrict: true))
    }

    static func hint(_ members: inout RequestMembers) -> CacheHint? {
        members.take("cache_control").map { CacheHint(ttl: $0["ttl"]?.string) }
    }

    public func error(_ error: NeutralError) -> JSONTree { AnthropicWords.error(error) }

    public func streamWriter(for request: ChatRequest, as identity: AnswerIdentity) -> any ChatStreamWriter {
        AnthropicStreamWriter(identity)
    }

    public func whole(
        _ answer: ChatAnswer,
        to request: ChatRequest,
        as identity: AnswerIdentity
    ) throws(NeutralError) -> JSONTree {
        let choice = answer.choices.first ?? ChatAnswer.Choice()
        var content: [JSONTree] = []
        for part in choice.parts {
            switch part.content {
            case .text(let text), .refusal(let text): content.append(["type": "text", "text": .string(text)])
            case .reasoning(let reasoning): content.append(reasoning.block)
            case .toolCall(let call):
                guard let input = try call.argumentTree(stop: choice.stop) else { continue }
                content.append(["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": input])
            case .image, .file, .audio, .toolResult: continue
            }
        }
        let (reason, sequence) = AnthropicWords.stop(choice.stop ?? .end)
        return [
            "id": .string(answer.id ?? identity.id), "type": "message", "role": "assistant",
            "model": .string(identity.model), "content": .array(content), "stop_reason": .string(reason),
            "stop_sequence": sequence, "usage": AnthropicWords.usage(answer.usage ?? TokenUsage()),
        ]
    }
}
