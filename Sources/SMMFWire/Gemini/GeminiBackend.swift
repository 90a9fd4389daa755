// SPDX-License-Identifier: MIT

/// Backends of Gemini's native API, at Google AI and at Vertex.
public struct GeminiBackend: ChatBackendDialect {
    /// What stands before the model in the path; Vertex has projects and locations there.
    public var prefix = "/v1beta/models/"

    /// Creates the dialect.
    public init() {}

    public var name: String { "gemini" }

    public func write(_ request: ChatRequest) throws(TranslationRefusal) -> TranslatedRequest {
        try request.require(count: true)
        var body = JSONObject()
        let system = request.messages.filter(\.isInstruction).map(\.text)
        if !system.isEmpty {
            body["systemInstruction"] = ["parts": [["text": .string(system.joined(separator: "\n\n"))]]]
        }
        body["contents"] = .array(try GeminiContents.contents(request))
        try writeTools(request, &body)
        let config = try config(request)
        if !config.isEmpty { body["generationConfig"] = .object(config) }
        body.merge(missing: try request.extra(for: .gemini))
        let method = request.streams ? "streamGenerateContent?alt=sse" : "generateContent"
        let path = "\(prefix)\(PathText.escaped(request.model)):\(method)"
        return TranslatedRequest(path: path, body: JSONTree.object(body).bytes)
    }

    private func writeTools(_ request: ChatRequest, _ body: inout JSONObject) throws(TranslationRefusal) {
        let tools = try request.tools(for: .gemini)
        guard !tools.isEmpty else { return }
        let functions: [JSONTree] = tools.filter { $0.builtIn == nil }.map { tool in
            var function: JSONTree = ["name": .string(tool.name)]
            if let description = tool.description { function["description"] = .string(description) }
            if let parameters = tool.parameters { function["parametersJsonSchema"] = parameters }
            return function
        }
        var list = tools.compactMap(\.builtIn)
        if !functions.isEmpty { list.insert(["functionDeclarations": .array(functions)], at: 0) }
        body["tools"] = .array(list)
        guard let choice = request.toolChoice else { return }
        var calling: JSONTree
        switch choice {
        case .auto: calling = ["mode": "AUTO"]
        case .never: calling = ["mode": "NONE"]
        case .required: calling = ["mode": "ANY"]
        case .tool(let name): calling = ["mode": "ANY", "allowedFunctionNames": [.string(name)]]
        case .oneOf(let names, let isRequired):
            calling = ["mode": isRequired ? "ANY" : "VALIDATED"]
            calling["allowedFunctionNames"] = .array(names.map { .string($0) })
        }
        body["toolConfig"] = ["functionCallingConfig": calling]
    }

    private func config(_ request: ChatRequest) throws(TranslationRefusal) -> JSONObject {
        var config = JSONObject()
        let sampling = request.sampling
        if let value = sampling.temperature { config["temperature"] = .number(value) }
        if let value = sampling.topP { config["topP"] = .number(value) }
        if let value = sampling.topK { config["topK"] = .number(value) }
        if let value = request.count { config["candidateCount"] = .number(value) }
        if let value = request.maxTokens { config["maxOutputTokens"] = .number(value) }
        if !request.stop.isEmpty { config["stopSequences"] = .array(request.stop.map { .string($0) }) }
        if let value = sampling.presencePenalty { config["presencePenalty"] = .number(value) }
        if let value = sampling.frequencyPenalty { config["frequencyPenalty"] = .number(value) }
        if let value = sampling.seed { config["seed"] = .number(value) }
        switch request.format {
        case .text: break
        case .json: config["responseMimeType"] = "application/json"
        case .schema(let schema):
            config["responseMimeType"] = "application/json"
            config["responseJsonSchema"] = schema.schema
        }
        let wish = request.reasoning
        if !wish.isSilent {
            var thinking: JSONTree = [:]
            let tokens = wish.tokens
            thinking["includeThoughts"] = .bool(wish.isShown ?? (tokens != 0))
            if let tokens { thinking["thinkingBudget"] = .number(tokens) }
            config["thinkingConfig"] = thinking
        }
        return config
    }

    public func reader(for request: ChatRequest) -> any ChatAnswerReader {
        DocumentReader(GeminiMachine(messages: request.messages.count), streams: request.streams)
    }

    public func error(_ head: AnswerHead, body: [UInt8]) -> NeutralError {
        GeminiWords.read(ErrorWords(body), head: head)
    }
}
