// SPDX-License-Identifier: MIT

/// Baidu's Wenxin in its first version: turns must alternate, instructions stand apart, and one function is called at a
/// time. Its second version, Qianfan, is a row of OpenAI's shape.
public struct WenxinBackend: ChatBackendDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "wenxin" }

    private static let base = "/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/"
    /// The names in paths that are not the models' own in lower case.
    private static let paths = [
        "ernie-4.0-8k": "completions_pro", "ernie-bot-4.0": "completions_pro", "ernie-3.5-8k": "completions",
        "ernie-bot": "completions", "ernie-4.0-8k-preview-0518": "completions_adv_pro", "ernie-bot-8k": "ernie_bot_8k",
        "ernie-bot-turbo": "eb-instant", "ernie-lite-8k-0922": "eb-instant", "ernie-lite-8k-0308": "ernie-lite-8k",
        "ernie-speed-8k": "ernie_speed", "ernie-speed": "ernie_speed",
    ]

    public func write(_ request: ChatRequest) throws(TranslationRefusal) -> TranslatedRequest {
        try request.require()
        var body: JSONObject = ["messages": .array(try messages(request))]
        let system = request.messages.filter(\.isInstruction).map(\.text)
        if !system.isEmpty { body["system"] = .string(system.joined(separator: "\n\n")) }
        let sampling = request.sampling
        if let value = sampling.temperature { body["temperature"] = .number(min(max(value, 0.01), 1)) }
        if let value = sampling.topP { body["top_p"] = .number(min(max(value, 0), 1)) }
        if let value = sampling.repetitionPenalty { body["penalty_score"] = .number(min(max(value, 1), 2)) }
        if let value = request.maxTokens { body["max_output_tokens"] = .number(value) }
        if !request.stop.isEmpty { body["stop"] = .array(request.stop.map { .string($0) }) }
        switch request.format {
        case .text: break
        case .json: body["response_format"] = "json_object"
        case .schema: throw .unsaid("response_format")
        }
        if let user = request.user { body["user_id"] = .string(user) }
        try writeTools(request, &body)
        body.merge(missing: try request.extra(for: .wenxin))
        if request.streams { body["stream"] = true }
        let name = request.model.lowercased()
        let path = Self.base + PathText.escaped(Self.paths[name] ?? name)
        return TranslatedRequest(path: path, body: JSONTree.object(body).bytes)
    }

    private func writeTools(_ request: ChatRequest, _ body: inout JSONObject) throws(TranslationRefusal) {
        let tools = try request.tools(for: .wenxin)
        guard !tools.isEmpty, request.toolChoice != .never else { return }
        body["functions"] = .array(
            tools.map { tool in
                ["name": .string(tool.name), "description": .string(tool.description ?? ""), "parameters": tool.schema]
            }
        )
        switch request.toolChoice {
        case nil, .auto, .never: break
        case .tool(let name): body["tool_choice"] = ["type": "function", "function": ["name": .string(name)]]
        case .required, .oneOf: throw .unsaid("tool_choice")
        }
    }

    /// Turns of one role that follow one another are one.
    private func messages(_ request: ChatRequest) throws(TranslationRefusal) -> [JSONTree] {
        var output: [JSONTree] = []
        for (index, message) in request.messages.enumerated() where !message.isInstruction {
            let field = "messages[\(index)].content"
            let calls = message.toolCalls
            guard calls.count <= 1 else { throw .unsaid("messages[\(index)].tool_calls[1]") }
            var text = ""
            for part in message.parts {
                switch part.content {
                case .text(let piece), .refusal(let piece): text += piece
                case .reasoning, .toolCall: break
                case .toolResult(let result):
                    guard let name = result.name ?? request.toolName(of: result.id) else { throw .unsaid(field) }
                    output.append(["role": "function", "name": .string(name), "content": .string(result.text)])
                case .image, .file, .audio: throw .unsaid(field)
                }
            }
            if let call = calls.first {
                output.append([
                    "role": "assistant", "content": text.isEmpty ? .null : .string(text),
                    "function_call": ["name": .string(call.name), "arguments": .string(call.arguments)],
                ])
            } else if !text.isEmpty {
                Self.append(message.role == .assistant ? "assistant" : "user", text, to: &output)
            }
        }
        return output
    }

    private static func append(_ role: JSONTree, _ text: String, to output: inout [JSONTree]) {
        if let last = output.last, last["role"] == role, let old = last["content"]?.string {
            output[output.count - 1]["content"] = .string(old + "\n" + text)
        } else {
            output.append(["role": role, "content": .string(text)])
        }
    }

    public func reader(for request: ChatRequest) -> any ChatAnswerReader {
        DocumentReader(WenxinMachine(messages: request.messages.count), streams: request.streams)
    }

    public func error(_ head: AnswerHead, body: [UInt8]) -> NeutralError {
        WenxinMachine.errors.error(ErrorWords(body), head: head)
    }
}
