// SPDX-License-Identifier: MIT

/// Clients of OpenAI's chat completions.
public struct OpenAIChatClient: ChatClientDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "openai" }

    public func read(_ input: ClientInput) throws(TranslationRefusal) -> ChatRequest {
        var members = try RequestMembers(input.body)
        let model = try members.needString("model")
        guard let list = try members.array("messages") else { throw members.missing("messages") }
        var messages: [ChatMessage] = []
        for (index, message) in list.enumerated() {
            messages.append(try Self.message(RequestMembers(message, at: "messages[\(index)]")))
        }
        var request = ChatRequest(model: model, messages: messages, family: .openAI)
        for old in ["functions", "function_call"] where members.take(old) != nil {
            throw members.wrong(old, "left out; it is an old form of `tools` and `tool_choice`")
        }
        for (index, tool) in (try members.array("tools") ?? []).enumerated() {
            request.tools.append(try Self.tool(tool, at: "tools[\(index)]"))
        }
        request.toolChoice = try Self.toolChoice(&members)
        request.parallelToolCalls = try members.bool("parallel_tool_calls")
        request.sampling = try Self.sampling(&members)
        request.stop = try members.strings("stop") ?? []
        let old = try members.int("max_tokens")
        request.maxTokens = try members.int("max_completion_tokens") ?? old
        request.count = try members.int("n")
        request.format = try Self.format(&members)
        request.logprobs = try members.bool("logprobs")
        request.topLogprobs = try members.int("top_logprobs")
        request.reasoning.effort = try members.string("reasoning_effort")
        request.streams = try members.bool("stream") ?? false
        request.includesUsage = members.take("stream_options")?["include_usage"]?.bool ?? false
        request.user = try members.string("user")
        request.metadata = try members.object("metadata")
        request.extra = members.rest
        return request
    }

    static func sampling(_ members: inout RequestMembers) throws(TranslationRefusal) -> SamplingParameters {
        var sampling = SamplingParameters()
        sampling.temperature = try members.double("temperature")
        sampling.topP = try members.double("top_p")
        // Some clients write -1 for no limit.
        sampling.topK = try members.int("top_k").flatMap { $0 > 0 ? $0 : nil }
        sampling.minP = try members.double("min_p")
        sampling.frequencyPenalty = try members.double("frequency_penalty")
        sampling.presencePenalty = try members.double("presence_penalty")
        sampling.repetitionPenalty = try members.double("repetition_penalty")
        sampling.seed = try members.int("seed")
        sampling.logitBias = try members.object("logit_bias")
        return sampling
    }

    private static func tool(_ tree: JSONTree, at path: String) throws(TranslationRefusal) -> ChatTool {
        var members = try RequestMembers(tree, at: path)
        guard try members.needString("type") == "function" else { return ChatTool(builtIn: tree) }
        guard var function = try members.members("function") else { throw members.missing("function") }
        return ChatTool(
            name: try function.needString("name"),
            description: try function.string("description"),
            parameters: try function.object("parameters").map { .object($0) },
            isStrict: try function.bool("strict"),
            cache: members.take("cache_control").map { CacheHint(ttl: $0["ttl"]?.string) }
        )
    }

    private static func toolChoice(_ members: inout RequestMembers) throws(TranslationRefusal) -> ToolChoice? {
        guard let value = members.take("tool_choice") else { return nil }
        switch value.string {
        case "auto": return .auto
        case "none": return .never
        case "required", "any": return .required
        default: break
        }
        if let name = value["function"]?["name"]?.string { return .tool(name) }
        if let allowed = value["allowed_tools"], let tools = allowed["tools"]?.array {
            let names = tools.compactMap { $0["function"]?["name"]?.string ?? $0["name"]?.string }
            if names.count == tools.count { return .oneOf(names, isRequired: allowed["mode"]?.string == "required") }
        }
        throw members.wrong("tool_choice", "`auto`, `none`, `required` or a function's name in an object")
    }

    private static func format(_ members: inout RequestMembers) throws(TranslationRefusal) -> ResponseFormat {
        guard var format = try members.members("response_format") else { return .text }
        switch try format.needString("type") {
        case "text": return .text
        case "json_object": return .json
        case "json_schema":
            guard var schema = try format.members("json_schema") else { throw format.missing("json_schema") }
            guard let tree = try schema.object("schema") else { throw schema.missing("schema") }
            return .schema(
                ResponseSchema(
                    name: try schema.string("name") ?? "answer",
                    description: try schema.string("description"),
                    schema: .object(tree),
                    isStrict: try schema.bool("strict")
                )
            )
        default: throw format.wrong("type", "`text`, `json_object` or `json_schema`")
        }
    }

    public func error(_ error: NeutralError) -> JSONTree { ErrorEnvelope(error).tree }

    public func streamWriter(for request: ChatRequest, as identity: AnswerIdentity) -> any ChatStreamWriter {
        OpenAIStreamWriter(identity, includesUsage: request.includesUsage)
    }
}
