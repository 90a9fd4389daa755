// SPDX-License-Identifier: MIT

/// Clients of Gemini's `generateContent` and `streamGenerateContent`; the model stands in the path.
public struct GeminiClient: ChatClientDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "gemini" }

    public func read(_ input: ClientInput) throws(TranslationRefusal) -> ChatRequest {
        let (model, method) = GeminiPath.parts(input.path)
        guard let model, !model.isEmpty else {
            throw TranslationRefusal("The path names no model: it must be `/v1beta/models/MODEL:generateContent`.")
        }
        var members = try RequestMembers(input.body)
        var messages: [ChatMessage] = []
        let other = members.take("system_instruction")
        if let system = members.take("systemInstruction") ?? other {
            messages.append(ChatMessage(.system, text: try GeminiContents.text(system)))
        }
        guard let contents = try members.array("contents") else { throw members.missing("contents") }
        messages += try GeminiContents.messages(contents)
        var request = ChatRequest(model: model, messages: messages, family: .gemini)
        for (index, tool) in (try members.array("tools") ?? []).enumerated() {
            request.tools += try Self.tools(tool, at: "tools[\(index)]")
        }
        request.toolChoice = try Self.choice(&members)
        if let config = try members.members("generationConfig") { try Self.read(config, &request) }
        request.streams = method == "streamGenerateContent"
        request.includesUsage = true
        if !input.query.split(separator: "&").contains("alt=sse") { request.streamForm = .array }
        request.extra = members.rest
        return request
    }

    private static func tools(_ tree: JSONTree, at path: String) throws(TranslationRefusal) -> [ChatTool] {
        var members = try RequestMembers(tree, at: path)
        guard let list = try members.array("functionDeclarations") else { return [ChatTool(builtIn: tree)] }
        var tools: [ChatTool] = []
        for (index, declaration) in list.enumerated() {
            var function = try RequestMembers(declaration, at: "\(path).functionDeclarations[\(index)]")
            let name = try function.needString("name")
            let description = try function.string("description")
            let schema = try function.object("parameters").map { GeminiSchema.lowered(.object($0)) }
            let plain = try function.object("parametersJsonSchema").map { JSONTree.object($0) }
            tools.append(ChatTool(name: name, description: description, parameters: plain ?? schema))
        }
        return tools
    }

    private static func choice(_ members: inout RequestMembers) throws(TranslationRefusal) -> ToolChoice? {
        guard var config = try members.members("toolConfig"),
            var calling = try config.members("functionCallingConfig")
        else { return nil }
        let names = try calling.strings("allowedFunctionNames") ?? []
        switch try calling.string("mode") {
        case "ANY":
            return names.isEmpty ? .required : names.count == 1 ? .tool(names[0]) : .oneOf(names, isRequired: true)
        case "NONE": return .never
        case "VALIDATED" where !names.isEmpty: return .oneOf(names, isRequired: false)
        default: return .auto
        }
    }

    private static func read(_ config: RequestMembers, _ request: inout ChatRequest) throws(TranslationRefusal) {
        var config = config
        request.maxTokens = try config.int("maxOutputTokens")
        request.sampling.temperature = try config.double("temperature")
        request.sampling.topP = try config.double("topP")
        request.sampling.topK = try config.double("topK").map { Int($0) }
        request.sampling.presencePenalty = try config.double("presencePenalty")
        request.sampling.frequencyPenalty = try config.double("frequencyPenalty")
        request.sampling.seed = try config.int("seed")
        request.stop = try config.strings("stopSequences") ?? []
        request.count = try config.int("candidateCount")
        request.logprobs = try config.bool("responseLogprobs")
        let type = try config.string("responseMimeType")
        let plain = config.take("responseJsonSchema")
        if let schema = plain ?? config.take("responseSchema").map(GeminiSchema.lowered) {
            request.format = .schema(ResponseSchema(name: "answer", schema: schema))
        } else if type == "application/json" {
            request.format = .json
        }
        if let kinds = config.take("responseModalities")?.array, kinds != ["TEXT"] {
            throw config.wrong("responseModalities", "`[\"TEXT\"]`")
        }
        guard var thinking = try config.members("thinkingConfig") else { return }
        request.reasoning.isShown = try thinking.bool("includeThoughts")
        if let budget = try thinking.int("thinkingBudget") {
            // -1 leaves it to the model.
            if budget >= 0 { request.reasoning.budget = budget } else { request.reasoning.isEnabled = true }
        }
        request.reasoning.effort = try thinking.string("thinkingLevel")?.lowercased()
    }

    public func error(_ error: NeutralError) -> JSONTree { GeminiWords.error(error) }

    public func streamWriter(for request: ChatRequest, as identity: AnswerIdentity) -> any ChatStreamWriter {
        GeminiStreamWriter(identity, form: request.streamForm)
    }

    public func whole(
        _ answer: ChatAnswer,
        to request: ChatRequest,
        as identity: AnswerIdentity
    ) throws(NeutralError) -> JSONTree {
        var candidates: [JSONTree] = []
        for (index, choice) in answer.choices.enumerated() {
            var parts: [JSONTree] = []
            for part in choice.parts {
                if let part = try GeminiContents.part(part, stop: choice.stop) { parts.append(part) }
            }
            candidates.append([
                "content": ["parts": .array(parts), "role": "model"],
                "finishReason": .string(GeminiWords.reason(choice.stop ?? .end)), "index": .number(index),
            ])
        }
        return [
            "candidates": .array(candidates), "usageMetadata": GeminiWords.usage(answer.usage ?? TokenUsage()),
            "modelVersion": .string(identity.model), "responseId": .string(answer.id ?? identity.id),
        ]
    }
}
