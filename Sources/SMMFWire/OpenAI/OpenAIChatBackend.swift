// SPDX-License-Identifier: MIT

/// Backends of OpenAI's chat completions and all that imitate them.
public struct OpenAIChatBackend: ChatBackendDialect {
    /// How this one differs.
    public var shape: OpenAIShape

    /// Creates the dialect.
    public init(_ shape: OpenAIShape = OpenAIShape()) { self.shape = shape }

    public var name: String { shape.name }

    public func write(_ request: ChatRequest) throws(TranslationRefusal) -> TranslatedRequest {
        var body: JSONObject = ["model": .string(request.model)]
        body["messages"] = .array(try messages(request))
        let tools = try request.tools(for: .openAI)
        if !tools.isEmpty { body["tools"] = .array(tools.map(Self.tool)) }
        if let choice = request.toolChoice { body["tool_choice"] = Self.choice(choice) }
        if let parallel = request.parallelToolCalls, !tools.isEmpty { body["parallel_tool_calls"] = .bool(parallel) }
        writeSampling(request, &body)
        switch request.stop.count {
        case 0: break
        case 1: body["stop"] = .string(request.stop[0])
        default: body["stop"] = .array(request.stop.map { .string($0) })
        }
        if let maxTokens = request.maxTokens { body[shape.maxTokensName] = .number(maxTokens) }
        if let count = request.count { body["n"] = .number(count) }
        if let format = Self.format(request.format) { body["response_format"] = format }
        if let logprobs = request.logprobs { body["logprobs"] = .bool(logprobs) }
        if let top = request.topLogprobs { body["top_logprobs"] = .number(top) }
        writeReasoning(request, &body)
        if let user = request.user { body["user"] = .string(user) }
        if let metadata = request.metadata, request.family == .openAI { body["metadata"] = .object(metadata) }
        body.merge(missing: try request.extra(for: .openAI))
        if request.streams {
            body["stream"] = true
            if shape.asksForUsage { body["stream_options"] = ["include_usage": true] }
        }
        for rule in shape.rules { try rule.apply(to: &body) }
        let path = shape.path.split(separator: "{model}", omittingEmptySubsequences: false)
            .joined(separator: PathText.escaped(request.model))
        return TranslatedRequest(path: path, body: JSONTree.object(body).bytes)
    }

    private func writeSampling(_ request: ChatRequest, _ body: inout JSONObject) {
        let sampling = request.sampling
        if let value = sampling.temperature { body["temperature"] = .number(value) }
        if let value = sampling.topP { body["top_p"] = .number(value) }
        if let value = sampling.frequencyPenalty { body["frequency_penalty"] = .number(value) }
        if let value = sampling.presencePenalty { body["presence_penalty"] = .number(value) }
        if let value = sampling.seed { body["seed"] = .number(value) }
        if let value = sampling.logitBias { body["logit_bias"] = .object(value) }
        guard shape.takesMore else { return }
        if let value = sampling.topK { body["top_k"] = .number(value) }
        if let value = sampling.minP { body["min_p"] = .number(value) }
        if let value = sampling.repetitionPenalty { body["repetition_penalty"] = .number(value) }
    }

    private func writeReasoning(_ request: ChatRequest, _ body: inout JSONObject) {
        let wish = request.reasoning
        guard !wish.isSilent else { return }
        let isOn = wish.tokens.map { $0 > 0 } ?? wish.isEnabled ?? true
        switch shape.reasoningWords {
        case .none: return
        case .effort: if let word = wish.word { body["reasoning_effort"] = .string(word) }
        case .thinking: body["thinking"] = ["type": isOn ? "enabled" : "disabled"]
        case .enable:
            body["enable_thinking"] = .bool(isOn)
            if isOn, let budget = wish.budget { body["thinking_budget"] = .number(budget) }
        }
    }

    static func tool(_ tool: ChatTool) -> JSONTree {
        if let builtIn = tool.builtIn { return builtIn }
        var function: JSONTree = ["name": .string(tool.name)]
        if let description = tool.description { function["description"] = .string(description) }
        if let parameters = tool.parameters { function["parameters"] = parameters }
        if let isStrict = tool.isStrict { function["strict"] = .bool(isStrict) }
        return ["type": "function", "function": function]
    }

    private static func choice(_ choice: ToolChoice) -> JSONTree {
        switch choice {
        case .auto: "auto"
        case .never: "none"
        case .required: "required"
        case .tool(let name): ["type": "function", "function": ["name": .string(name)]]
        case .oneOf(let names, let isRequired):
            [
                "type": "allowed_tools",
                "allowed_tools": [
                    "mode": isRequired ? "required" : "auto",
                    "tools": .array(names.map { ["type": "function", "function": ["name": .string($0)]] }),
                ],
            ]
        }
    }

    static func format(_ format: ResponseFormat) -> JSONTree? {
        switch format {
        case .text: return nil
        case .json: return ["type": "json_object"]
        case .schema(let schema):
            var inner: JSONTree = ["name": .string(schema.name)]
            if let description = schema.description { inner["description"] = .string(description) }
            inner["schema"] = schema.schema
            if let isStrict = schema.isStrict { inner["strict"] = .bool(isStrict) }
            return ["type": "json_schema", "json_schema": inner]
        }
    }

    public func reader(for request: ChatRequest) -> any ChatAnswerReader {
        DocumentReader(OpenAIChatMachine(errors: shape.errors), streams: request.streams)
    }

    public func error(_ head: AnswerHead, body: [UInt8]) -> NeutralError {
        shape.errors.error(ErrorWords(body), head: head)
    }
}
