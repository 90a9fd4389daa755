// SPDX-License-Identifier: MIT

/// Backends of Anthropic's Messages API: Anthropic itself, and others that speak its words.
public struct AnthropicBackend: ChatBackendDialect {
    /// The path behind the provider's base.
    public var path = "/v1/messages"
    /// Tokens of output at most where the client names none, as the API wants to have it said.
    public var defaultMaxTokens = 8192

    /// Creates the dialect.
    public init() {}

    public var name: String { "anthropic" }

    public func write(_ request: ChatRequest) throws(TranslationRefusal) -> TranslatedRequest {
        try request.require()
        if request.format == .json { throw .unsaid("response_format") }
        var body: JSONObject = ["model": .string(request.model)]
        let maxTokens = request.maxTokens ?? defaultMaxTokens
        body["max_tokens"] = .number(maxTokens)
        try writeConversation(request, &body)
        if !request.stop.isEmpty { body["stop_sequences"] = .array(request.stop.map { .string($0) }) }
        writeReasoning(request, maxTokens, &body)
        if body["thinking"]?["type"] != "enabled" {
            // Thinking goes with its own sampling only.
            if let value = request.sampling.temperature { body["temperature"] = .number(min(max(value, 0), 1)) }
            if let value = request.sampling.topK { body["top_k"] = .number(value) }
            if let value = request.sampling.topP { body["top_p"] = .number(value) }
        }
        if let user = request.user { body["metadata"] = ["user_id": .string(user)] }
        body.merge(missing: try request.extra(for: .anthropic))
        if request.streams { body["stream"] = true }
        return TranslatedRequest(path: path, body: JSONTree.object(body).bytes)
    }

    /// System texts, messages, tools and their choice: what counting tokens takes too.
    func writeConversation(_ request: ChatRequest, _ body: inout JSONObject) throws(TranslationRefusal) {
        let system = request.messages.filter(\.isInstruction).flatMap(\.parts)
        if !system.isEmpty {
            if system.count == 1, system[0].cache == nil, case .text(let text) = system[0].content {
                body["system"] = .string(text)
            } else {
                var blocks: [JSONTree] = []
                for part in system { if let block = try AnthropicBlocks.block(part, "system") { blocks.append(block) } }
                body["system"] = .array(blocks)
            }
        }
        body["messages"] = .array(try AnthropicBlocks.messages(request))
        let tools = try request.tools(for: .anthropic)
        if !tools.isEmpty { body["tools"] = .array(tools.map(AnthropicBlocks.tool)) }
        if let choice = try Self.choice(request) { body["tool_choice"] = choice }
    }

    private static func choice(_ request: ChatRequest) throws(TranslationRefusal) -> JSONTree? {
        guard !request.tools.isEmpty else { return nil }
        var tree: JSONTree
        switch request.toolChoice {
        case nil:
            guard request.parallelToolCalls == false else { return nil }
            tree = ["type": "auto"]
        case .auto: tree = ["type": "auto"]
        case .never: return ["type": "none"]
        case .required: tree = ["type": "any"]
        case .tool(let name): tree = ["type": "tool", "name": .string(name)]
        case .oneOf: throw .unsaid("tool_choice")
        }
        if let parallel = request.parallelToolCalls { tree["disable_parallel_tool_use"] = .bool(!parallel) }
        return tree
    }

    private func writeReasoning(_ request: ChatRequest, _ maxTokens: Int, _ body: inout JSONObject) {
        let wish = request.reasoning
        if let tokens = wish.tokens {
            // Thoughts count as output, so some of it must be left for the answer.
            let budget = min(tokens, maxTokens - 1)
            body["thinking"] =
                budget >= 1024 ? ["type": "enabled", "budget_tokens": .number(budget)] : ["type": "disabled"]
        } else if wish.isEnabled == true {
            body["thinking"] = ["type": "adaptive"]
        }
        guard case .schema(let schema) = request.format else { return }
        body["output_config"] = ["format": ["type": "json_schema", "schema": schema.schema]]
    }

    public func reader(for request: ChatRequest) -> any ChatAnswerReader {
        DocumentReader(AnthropicMachine(), streams: request.streams)
    }

    public func error(_ head: AnswerHead, body: [UInt8]) -> NeutralError {
        AnthropicWords.errors.error(ErrorWords(body), head: head)
    }
}
