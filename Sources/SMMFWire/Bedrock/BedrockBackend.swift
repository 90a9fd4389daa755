// SPDX-License-Identifier: MIT

/// The Converse API of AWS Bedrock. Its streams are binary messages with checksums; the request is signed elsewhere, over
/// the path and body that are written here.
public struct BedrockBackend: ChatBackendDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "bedrock" }

    public func write(_ request: ChatRequest) throws(TranslationRefusal) -> TranslatedRequest {
        try request.require(format: false)
        var body: JSONObject = ["messages": .array(try BedrockBlocks.messages(request))]
        let system = request.messages.filter(\.isInstruction).flatMap(\.parts)
        if !system.isEmpty {
            var blocks: [JSONTree] = []
            for part in system { blocks += try BedrockBlocks.blocks(part, "system") }
            body["system"] = .array(blocks)
        }
        var config = JSONObject()
        if let value = request.maxTokens { config["maxTokens"] = .number(value) }
        if let value = request.sampling.temperature { config["temperature"] = .number(min(max(value, 0), 1)) }
        if let value = request.sampling.topP { config["topP"] = .number(value) }
        if !request.stop.isEmpty { config["stopSequences"] = .array(request.stop.map { .string($0) }) }
        writeReasoning(request, &body, &config)
        if !config.isEmpty { body["inferenceConfig"] = .object(config) }
        try writeTools(request, &body)
        body.merge(missing: try request.extra(for: .bedrock))
        let path = "/model/\(PathText.escaped(request.model))/\(request.streams ? "converse-stream" : "converse")"
        return TranslatedRequest(path: path, body: JSONTree.object(body).bytes)
    }

    /// Only models of Anthropic have words for it that are known here.
    private func writeReasoning(_ request: ChatRequest, _ body: inout JSONObject, _ config: inout JSONObject) {
        guard request.model.contains("anthropic."), let tokens = request.reasoning.tokens, tokens > 0 else { return }
        let budget = min(tokens, (request.maxTokens ?? 8192) - 1)
        guard budget >= 1024 else { return }
        config["temperature"] = nil
        config["topP"] = nil
        body["additionalModelRequestFields"] = ["thinking": ["type": "enabled", "budget_tokens": .number(budget)]]
    }

    private func writeTools(_ request: ChatRequest, _ body: inout JSONObject) throws(TranslationRefusal) {
        let tools = try request.tools(for: .bedrock)
        guard !tools.isEmpty else { return }
        if request.toolChoice == .never {
            // There is no word for it, and calls of earlier turns need their tools.
            guard !request.messages.contains(where: { !$0.toolCalls.isEmpty }) else { throw .unsaid("tool_choice") }
            return
        }
        let list: [JSONTree] = tools.map { tool in
            if let builtIn = tool.builtIn { return builtIn }
            var spec: JSONTree = ["name": .string(tool.name)]
            if let description = tool.description { spec["description"] = .string(description) }
            spec["inputSchema"] = ["json": tool.schema]
            return ["toolSpec": spec]
        }
        var config: JSONTree = ["tools": .array(list)]
        switch request.toolChoice {
        case nil, .never: break
        case .auto: config["toolChoice"] = ["auto": [:]]
        case .required: config["toolChoice"] = ["any": [:]]
        case .tool(let name): config["toolChoice"] = ["tool": ["name": .string(name)]]
        case .oneOf: throw .unsaid("tool_choice")
        }
        body["toolConfig"] = config
    }

    public func reader(for request: ChatRequest) -> any ChatAnswerReader {
        DocumentReader(BedrockMachine(), streams: request.streams)
    }

    public func error(_ head: AnswerHead, body: [UInt8]) -> NeutralError {
        BedrockMachine.error(ErrorWords(body), head: head)
    }
}
