// SPDX-License-Identifier: MIT

/// Clients of OpenAI's Responses API. A request brings its whole conversation, or what is new behind an answer that was
/// kept, where answers are kept at all.
public struct ResponsesClient: ChatClientDialect {
    let store: (any ResponseStore)?

    /// Creates the dialect; without a `store` no answer is kept.
    public init(store: (any ResponseStore)? = nil) { self.store = store }

    public var name: String { "responses" }

    public func read(_ input: ClientInput) throws(TranslationRefusal) -> ChatRequest {
        var members = try RequestMembers(input.body)
        let model = try members.needString("model")
        for key in ["conversation", "prompt"] where members.take(key) != nil {
            throw members.wrong(key, "left out; none are kept here, so send the conversation as `input`")
        }
        if try members.bool("background") == true {
            throw members.wrong("background", "false; nothing runs unattended")
        }
        let instructions = try members.string("instructions").map { [ChatMessage(.system, text: $0)] } ?? []
        guard let value = members.take("input") else { throw members.missing("input") }
        let kept = try kept(&members, value, of: input.owner)
        var request = ChatRequest(model: model, messages: instructions + kept.turns, family: .responses)
        if store != nil { request.kept = kept }
        for (index, tool) in (try members.array("tools") ?? []).enumerated() {
            request.tools.append(try Self.tool(tool, at: "tools[\(index)]"))
        }
        request.toolChoice = try Self.choice(&members)
        request.parallelToolCalls = try members.bool("parallel_tool_calls")
        request.sampling.temperature = try members.double("temperature")
        request.sampling.topP = try members.double("top_p")
        request.maxTokens = try members.int("max_output_tokens")
        request.topLogprobs = try members.int("top_logprobs")
        if var reasoning = try members.members("reasoning") {
            request.reasoning.effort = try reasoning.string("effort")
            if try reasoning.string("summary") != nil { request.reasoning.isShown = true }
        }
        if var text = try members.members("text"), let format = try text.members("format") {
            request.format = try Self.format(format)
        }
        request.streams = try members.bool("stream") ?? false
        request.includesUsage = true
        request.user = try members.string("user")
        request.metadata = try members.object("metadata")
        request.extra = members.rest
        return request
    }

    /// The turns of the answer that the request follows, and those that it brings.
    private func kept(
        _ members: inout RequestMembers,
        _ input: JSONTree,
        of owner: String?
    ) throws(TranslationRefusal) -> KeptTurns {
        let wish = try members.bool("store")
        let previous = try members.string("previous_response_id")
        var turns: [ChatMessage] = []
        if let previous {
            guard let store else {
                throw members.wrong(
                    "previous_response_id",
                    "left out; nothing is kept here, so send the whole conversation as `input`"
                )
            }
            guard let old = store.response(previous, of: owner) else {
                throw TranslationRefusal(
                    "The response '\(previous.prefix(200))' is not kept here, or not any more; send the whole conversation.",
                    field: "previous_response_id"
                )
            }
            turns = old.conversation
        }
        for message in try ResponsesItems.messages(input) {
            if message.role == .assistant, turns.last?.role == .assistant {
                turns[turns.count - 1].parts += message.parts
            } else {
                turns.append(message)
            }
        }
        return KeptTurns(previous: previous, turns: turns, keeps: store != nil && wish ?? true)
    }

    private static func tool(_ tree: JSONTree, at path: String) throws(TranslationRefusal) -> ChatTool {
        var members = try RequestMembers(tree, at: path)
        guard try members.needString("type") == "function" else { return ChatTool(builtIn: tree) }
        return ChatTool(
            name: try members.needString("name"),
            description: try members.string("description"),
            parameters: try members.object("parameters").map { .object($0) },
            isStrict: try members.bool("strict")
        )
    }

    private static func choice(_ members: inout RequestMembers) throws(TranslationRefusal) -> ToolChoice? {
        guard let value = members.take("tool_choice") else { return nil }
        switch value.string ?? value["type"]?.string {
        case "auto": return .auto
        case "none": return .never
        case "required": return .required
        case "function": if let name = value["name"]?.string { return .tool(name) }
        case "allowed_tools":
            let names = (value["tools"]?.array ?? []).compactMap { $0["name"]?.string }
            return .oneOf(names, isRequired: value["mode"]?.string == "required")
        default: break
        }
        throw members.wrong("tool_choice", "`auto`, `none`, `required` or a function's name in an object")
    }

    private static func format(_ object: RequestMembers) throws(TranslationRefusal) -> ResponseFormat {
        var format = object
        switch try format.needString("type") {
        case "text": return .text
        case "json_object": return .json
        case "json_schema":
            guard let schema = try format.object("schema") else { throw format.missing("schema") }
            return .schema(
                ResponseSchema(
                    name: try format.string("name") ?? "answer",
                    description: try format.string("description"),
                    schema: .object(schema),
                    isStrict: try format.bool("strict")
                )
            )
        default: throw format.wrong("type", "`text`, `json_object` or `json_schema`")
        }
    }

    public func error(_ error: NeutralError) -> JSONTree { ErrorEnvelope(error).tree }

    public func streamWriter(for request: ChatRequest, as identity: AnswerIdentity) -> any ChatStreamWriter {
        ResponsesStreamWriter(ResponsesWords(identity, request))
    }

    public func whole(
        _ answer: ChatAnswer,
        to request: ChatRequest,
        as identity: AnswerIdentity
    ) throws(NeutralError) -> JSONTree {
        let words = ResponsesWords(identity, request)
        let choice = answer.choices.first ?? ChatAnswer.Choice()
        var output: [JSONTree] = []
        for part in choice.parts {
            let place = output.count
            switch part.content {
            case .text(let text): output.append(words.message(place, [words.text(text)], status: "completed"))
            case .refusal(let text): output.append(words.message(place, [words.refusal(text)], status: "completed"))
            case .reasoning(let reasoning): output.append(words.reasoning(place, reasoning))
            case .toolCall(let call): output.append(words.call(place, call, status: "completed"))
            case .image, .file, .audio, .toolResult: continue
            }
        }
        return words.response(output, stop: choice.stop ?? .end, usage: answer.usage ?? TokenUsage())
    }
}
