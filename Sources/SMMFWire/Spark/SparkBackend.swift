// SPDX-License-Identifier: MIT

/// iFlytek's Spark over a web socket: one message is sent, and each message that comes is a document.
///
/// The reader is fed with each message and a line feed behind it. Spark over HTTP is a row of OpenAI's shape.
public struct SparkBackend: ChatBackendDialect {
    /// The application's id at iFlytek.
    public var appID: String

    /// Creates the dialect.
    public init(appID: String = "") { self.appID = appID }

    public var name: String { "spark" }

    /// The path of a model's socket and the model's name inside; others are tuned models, named by their service.
    static func place(of model: String) -> (path: String, domain: String) {
        switch model.lowercased() {
        case "lite": ("/v1.1/chat", "lite")
        case "generalv3", "pro": ("/v3.1/chat", "generalv3")
        case "pro-128k": ("/chat/pro-128k", "pro-128k")
        case "generalv3.5", "max": ("/v3.5/chat", "generalv3.5")
        case "max-32k": ("/chat/max-32k", "max-32k")
        case "4.0ultra", "ultra": ("/v4.0/chat", "4.0Ultra")
        case "spark-x", "x1": ("/v1/x1", "spark-x")
        default: ("/v1.1/chat", model)
        }
    }

    public func write(_ request: ChatRequest) throws(TranslationRefusal) -> TranslatedRequest {
        try request.require(format: false)
        let (path, domain) = Self.place(of: request.model)
        var chat: JSONTree = ["domain": .string(domain)]
        if let value = request.sampling.temperature { chat["temperature"] = .number(min(max(value, 0.01), 1)) }
        if let value = request.sampling.topK { chat["top_k"] = .number(min(max(value, 1), 6)) }
        if let value = request.maxTokens { chat["max_tokens"] = .number(value) }
        var header: JSONTree = ["app_id": .string(appID)]
        if let user = request.user { header["uid"] = .string(String(user.prefix(32))) }
        var payload: JSONTree = ["message": ["text": .array(try messages(request))]]
        let tools = try request.tools(for: .spark)
        if !tools.isEmpty, request.toolChoice != .never {
            guard request.toolChoice == nil || request.toolChoice == .auto else { throw .unsaid("tool_choice") }
            let functions: [JSONTree] = tools.map { tool in
                ["name": .string(tool.name), "description": .string(tool.description ?? ""), "parameters": tool.schema]
            }
            payload["functions"] = ["text": .array(functions)]
        }
        let body: JSONTree = ["header": header, "parameter": ["chat": chat], "payload": payload]
        return TranslatedRequest(path: path, body: body.bytes)
    }

    /// Instructions first, then turns in which the two alternate.
    private func messages(_ request: ChatRequest) throws(TranslationRefusal) -> [JSONTree] {
        let system = request.messages.filter(\.isInstruction).map(\.text).joined(separator: "\n\n")
        var turns: [(role: String, text: String)] = []
        for (index, message) in request.messages.enumerated() where !message.isInstruction {
            for part in message.parts {
                switch part.content {
                case .text, .reasoning, .refusal: continue
                case .image, .file, .audio, .toolCall, .toolResult: throw .unsaid("messages[\(index)].content")
                }
            }
            let role = message.role == .assistant ? "assistant" : "user"
            if turns.last?.role == role {
                turns[turns.count - 1].text += "\n" + message.text
            } else {
                turns.append((role, message.text))
            }
        }
        if !system.isEmpty { turns.insert(("system", system), at: 0) }
        return turns.map { ["role": .string($0.role), "content": .string($0.text)] }
    }

    public func reader(for request: ChatRequest) -> any ChatAnswerReader {
        DocumentReader(SparkMachine(messages: request.messages.count), streams: true)
    }

    public func error(_ head: AnswerHead, body: [UInt8]) -> NeutralError {
        // A clock that is wrong is refused like a key.
        var error = SparkErrors.map.error(ErrorWords(body), head: head)
        if head.status == 401 || head.status == 403 { error.kind = .badKey }
        return error
    }
}
