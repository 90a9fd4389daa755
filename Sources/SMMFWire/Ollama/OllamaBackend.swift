// SPDX-License-Identifier: MIT

/// Backends of Ollama's `/api/chat`.
public struct OllamaBackend: ChatBackendDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "ollama" }

    public func write(_ request: ChatRequest) throws(TranslationRefusal) -> TranslatedRequest {
        try request.require()
        var body: JSONObject = ["model": .string(request.model), "messages": .array(try messages(request))]
        let tools = try request.tools(for: .ollama)
        switch request.toolChoice {
        case nil, .auto: if !tools.isEmpty { body["tools"] = .array(tools.map(OpenAIChatBackend.tool)) }
        // Who may call nothing needs no tools.
        case .never: break
        case .required, .tool, .oneOf: throw .unsaid("tool_choice")
        }
        switch request.format {
        case .text: break
        case .json: body["format"] = "json"
        case .schema(let schema): body["format"] = schema.schema
        }
        if let effort = request.reasoning.effort, effort != "none" {
            body["think"] = .string(effort)
        } else if let isOn = request.reasoning.tokens.map({ $0 > 0 }) ?? request.reasoning.isEnabled {
            body["think"] = .bool(isOn)
        }
        body["stream"] = .bool(request.streams)
        let options = options(request)
        if !options.isEmpty { body["options"] = .object(options) }
        body.merge(missing: try request.extra(for: .ollama))
        return TranslatedRequest(path: "/api/chat", body: JSONTree.object(body).bytes)
    }

    private func options(_ request: ChatRequest) -> JSONObject {
        var options = JSONObject()
        let sampling = request.sampling
        if let value = request.maxTokens { options["num_predict"] = .number(value) }
        if let value = sampling.temperature { options["temperature"] = .number(value) }
        if let value = sampling.topP { options["top_p"] = .number(value) }
        if let value = sampling.topK { options["top_k"] = .number(value) }
        if let value = sampling.minP { options["min_p"] = .number(value) }
        if let value = sampling.seed { options["seed"] = .number(value) }
        if let value = sampling.repetitionPenalty { options["repeat_penalty"] = .number(value) }
        if let value = sampling.presencePenalty { options["presence_penalty"] = .number(value) }
        if let value = sampling.frequencyPenalty { options["frequency_penalty"] = .number(value) }
        if !request.stop.isEmpty { options["stop"] = .array(request.stop.map { .string($0) }) }
        return options
    }

    private func messages(_ request: ChatRequest) throws(TranslationRefusal) -> [JSONTree] {
        var output: [JSONTree] = []
        for (index, message) in request.messages.enumerated() {
            let field = "messages[\(index)].content"
            let role: JSONTree = message.isInstruction ? "system" : message.role == .assistant ? "assistant" : "user"
            for part in message.parts {
                guard case .toolResult(let result) = part.content else { continue }
                var tree = try Self.message("tool", result.parts, field)
                if let name = result.name ?? request.toolName(of: result.id) { tree["tool_name"] = .string(name) }
                if !result.id.hasPrefix(StableID.prefix) { tree["tool_call_id"] = .string(result.id) }
                output.append(tree)
            }
            let rest = message.parts.filter { if case .toolResult = $0.content { false } else { true } }
            if !rest.isEmpty || message.parts.isEmpty { output.append(try Self.message(role, rest, field)) }
        }
        return output
    }

    private static func message(
        _ role: JSONTree,
        _ parts: [ChatPart],
        _ field: String
    ) throws(TranslationRefusal) -> JSONTree {
        var (text, thinking) = ("", "")
        var (images, calls): ([JSONTree], [JSONTree]) = ([], [])
        for part in parts {
            switch part.content {
            case .text(let piece), .refusal(let piece): text += piece
            case .image(let media, _):
                guard case .data(let data) = media.source else { throw .unsaid(field) }
                images.append(.string(data))
            case .reasoning(let reasoning): if !reasoning.isRedacted { thinking += reasoning.text }
            case .toolCall(let call):
                var tree: JSONTree = call.id.hasPrefix(StableID.prefix) ? [:] : ["id": .string(call.id)]
                let arguments = try call.argumentTree(at: field)
                tree["function"] = ["name": .string(call.name), "arguments": arguments]
                calls.append(tree)
            case .file, .audio, .toolResult: throw .unsaid(field)
            }
        }
        var tree: JSONTree = ["role": role, "content": .string(text)]
        if !thinking.isEmpty { tree["thinking"] = .string(thinking) }
        if !images.isEmpty { tree["images"] = .array(images) }
        if !calls.isEmpty { tree["tool_calls"] = .array(calls) }
        return tree
    }

    public func reader(for request: ChatRequest) -> any ChatAnswerReader {
        DocumentReader(OllamaMachine(messages: request.messages.count), streams: request.streams)
    }

    public func error(_ head: AnswerHead, body: [UInt8]) -> NeutralError {
        OllamaMachine.errors.error(ErrorWords(body), head: head)
    }
}
