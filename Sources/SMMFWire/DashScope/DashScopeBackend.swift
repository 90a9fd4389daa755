// SPDX-License-Identifier: MIT

/// Alibaba's DashScope in its own words; its compatible mode is a row of OpenAI's shape.
public struct DashScopeBackend: ChatBackendDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "dashscope" }

    private static let services = "/api/v1/services/aigc/"

    public func write(_ request: ChatRequest) throws(TranslationRefusal) -> TranslatedRequest {
        try request.require(count: true, logprobs: true)
        var shape = OpenAIShape()
        shape.sendsReasoning = false
        let isPlain = !request.messages.contains { $0.parts.contains(where: Self.hasMedia) }
        var messages = try OpenAIChatBackend(shape).messages(request)
        if !isPlain { for index in messages.indices { messages[index] = try Self.multimodal(messages[index], index) } }
        var body: JSONObject = ["model": .string(request.model), "input": ["messages": .array(messages)]]
        var parameters = try parameters(request)
        parameters.merge(missing: try request.extra(for: .dashScope))
        body["parameters"] = .object(parameters)
        let path = Self.services + (isPlain ? "text-generation/generation" : "multimodal-generation/generation")
        let fields = request.streams ? Array("accept: text/event-stream\r\nx-dashscope-sse: enable\r\n".utf8) : []
        return TranslatedRequest(path: path, fields: fields, body: JSONTree.object(body).bytes)
    }

    private static func hasMedia(_ part: ChatPart) -> Bool {
        switch part.content {
        case .image, .audio, .file: true
        case .toolResult(let result): result.parts.contains(where: hasMedia)
        case .text, .reasoning, .toolCall, .refusal: false
        }
    }

    /// A message as the models for images take it: lists of `{"text"}` and `{"image"}`.
    private static func multimodal(_ message: JSONTree, _ index: Int) throws(TranslationRefusal) -> JSONTree {
        var message = message
        var content: [JSONTree] = []
        for part in message["content"]?.array ?? [["type": "text", "text": message["content"] ?? ""]] {
            if let text = part["text"]?.string {
                content.append(["text": .string(text)])
            } else if let url = part["image_url"]?["url"] {
                content.append(["image": url])
            } else if part["text"]?.isNull != true {
                throw .unsaid("messages[\(index)].content")
            }
        }
        message["content"] = .array(content)
        return message
    }

    private func parameters(_ request: ChatRequest) throws(TranslationRefusal) -> JSONObject {
        var parameters: JSONObject = ["result_format": "message"]
        // Otherwise every event repeats all text so far.
        if request.streams { parameters["incremental_output"] = true }
        let sampling = request.sampling
        if let value = sampling.temperature { parameters["temperature"] = .number(min(value, 1.99)) }
        if let value = sampling.topP { parameters["top_p"] = .number(min(max(value, 0.000_001), 0.999_999)) }
        if let value = sampling.topK { parameters["top_k"] = .number(value) }
        if let value = sampling.seed { parameters["seed"] = .number(value) }
        if let value = request.maxTokens { parameters["max_tokens"] = .number(value) }
        if let value = sampling.repetitionPenalty { parameters["repetition_penalty"] = .number(value) }
        if let value = sampling.presencePenalty { parameters["presence_penalty"] = .number(value) }
        if !request.stop.isEmpty { parameters["stop"] = .array(request.stop.map { .string($0) }) }
        if let value = request.count { parameters["n"] = .number(value) }
        if let value = request.logprobs { parameters["logprobs"] = .bool(value) }
        if let value = request.topLogprobs { parameters["top_logprobs"] = .number(value) }
        if !request.reasoning.isSilent {
            let isOn = request.reasoning.tokens.map { $0 > 0 } ?? request.reasoning.isEnabled ?? true
            parameters["enable_thinking"] = .bool(isOn)
            if isOn, let budget = request.reasoning.budget { parameters["thinking_budget"] = .number(budget) }
        }
        let tools = try request.tools(for: .dashScope)
        if !tools.isEmpty { parameters["tools"] = .array(tools.map(OpenAIChatBackend.tool)) }
        switch request.toolChoice {
        case nil: break
        case .auto: parameters["tool_choice"] = "auto"
        case .never: parameters["tool_choice"] = "none"
        case .tool(let name):
            parameters["tool_choice"] = ["type": "function", "function": ["name": .string(name)]]
        case .required, .oneOf: throw .unsaid("tool_choice")
        }
        if let value = request.parallelToolCalls, !tools.isEmpty { parameters["parallel_tool_calls"] = .bool(value) }
        if let format = OpenAIChatBackend.format(request.format) { parameters["response_format"] = format }
        return parameters
    }

    public func reader(for request: ChatRequest) -> any ChatAnswerReader {
        DocumentReader(DashScopeMachine(), streams: request.streams)
    }

    public func error(_ head: AnswerHead, body: [UInt8]) -> NeutralError {
        DashScopeErrors.map.error(ErrorWords(body), head: head)
    }
}
