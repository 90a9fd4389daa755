// SPDX-License-Identifier: MIT

import SMMFWire

/// Gemini's own API, at Google AI and at Vertex; from the types of its library and recorded streams.
struct PlayedGemini: PlayedWire {
    /// Whether the request is for a stream, which the path says.
    var streams = false

    /// A stream of events where the query asks for one, an array that grows where it does not.
    func framing(_ call: PlayedCall) -> PlayedReply.Framing {
        call.query["alt"] == "sse" ? .events(tight: false) : .array
    }

    func question(_ call: PlayedCall) throws(PlayedError) -> PlayedQuestion {
        try Self.known(
            call.body,
            [
                "contents", "systemInstruction", "system_instruction", "tools", "toolConfig", "tool_config",
                "safetySettings", "generationConfig", "generation_config", "cachedContent", "labels", "store",
            ],
            ""
        )
        var question = PlayedQuestion()
        question.model = call.model
        question.streams = streams
        let system = call.body["systemInstruction"] ?? call.body["system_instruction"]
        question.system = system?["parts"]?.array?.compactMap { $0["text"]?.string } ?? []
        guard let contents = call.body["contents"]?.array, !contents.isEmpty else {
            throw PlayedError(.badRequest, "* GenerateContentRequest.contents: contents is not specified")
        }
        for (index, content) in contents.enumerated() {
            try read(content, "contents[\(index)]", into: &question)
        }
        for tool in call.body["tools"]?.array ?? [] {
            for function in tool["functionDeclarations"]?.array ?? [] {
                guard let name = function["name"]?.string else { throw .missing("function_declarations.name") }
                let schema = function["parametersJsonSchema"] ?? function["parameters"] ?? [:]
                question.tools.append(PlayedQuestion.Tool(name: name, schema: schema))
            }
        }
        let calling = call.body["toolConfig"]?["functionCallingConfig"]
        switch calling?["mode"]?.string {
        case "NONE": question.choice = .never
        case "ANY": question.choice = calling?["allowedFunctionNames"]?[0]?.string.map { .tool($0) } ?? .required
        default: break
        }
        try read(config: call.body["generationConfig"] ?? [:], into: &question)
        return question
    }

    /// An unknown member is a bad request, in the words of its JSON reader.
    private static func known(_ tree: JSONTree, _ names: [String], _ place: String) throws(PlayedError) {
        for key in tree.object?.keys ?? [] where !names.contains(key) {
            throw PlayedError(
                .badRequest,
                "Invalid JSON payload received. Unknown name \"\(key)\"\(place): Cannot find field."
            )
        }
    }

    private func read(config: JSONTree, into question: inout PlayedQuestion) throws(PlayedError) {
        try Self.known(
            config,
            [
                "temperature", "topP", "topK", "candidateCount", "maxOutputTokens", "stopSequences", "seed",
                "presencePenalty", "frequencyPenalty", "responseMimeType", "responseSchema", "responseJsonSchema",
                "responseModalities", "responseLogprobs", "logprobs", "thinkingConfig", "mediaResolution",
                "speechConfig", "enableEnhancedCivicAnswers",
            ],
            " at 'generation_config'"
        )
        question.stops = config["stopSequences"]?.array?.compactMap(\.string) ?? []
        guard question.stops.count <= 5 else { throw .wrong("stop_sequences", "at most 5 entries") }
        question.maxTokens = config["maxOutputTokens"]?.int
        question.reasoning = config["thinkingConfig"]?.present
        question.take(
            config,
            [
                ("temperature", "temperature"), ("topP", "top_p"), ("topK", "top_k"), ("seed", "seed"),
                ("candidateCount", "n"),
            ]
        )
        guard config["responseMimeType"] == "application/json" else { return }
        let schema = config["responseJsonSchema"] ?? config["responseSchema"]
        question.format = schema.map { .schema($0) } ?? .json
    }

    private func read(
        _ content: JSONTree,
        _ field: String,
        into question: inout PlayedQuestion
    ) throws(PlayedError) {
        let role = content["role"]?.string ?? "user"
        guard ["user", "model", "function"].contains(role) else {
            throw PlayedError(.badRequest, "Please use a valid role: user, model.")
        }
        guard let parts = content["parts"]?.array, !parts.isEmpty else {
            throw PlayedError(.badRequest, "* GenerateContentRequest.\(field).parts: contents.parts must not be empty.")
        }
        var text = ""
        var result: String?
        for (index, part) in parts.enumerated() {
            if let piece = part["text"]?.string {
                if part["thought"]?.bool != true { text += piece }
            } else if let data = part["inlineData"] ?? part["inline_data"] {
                let type = data["mimeType"]?.string ?? data["mime_type"]?.string
                let base64 = data["data"]?.string ?? ""
                question.images.append(
                    try PlayedMedia.image(base64, type: type, field: "\(field).parts[\(index)].inline_data.data")
                )
            } else if let file = part["fileData"] {
                question.images.append(.init(type: "url", bytes: file["fileUri"]?.string?.utf8.count ?? 0))
            } else if let call = part["functionCall"] {
                guard let name = call["name"]?.string else { throw .missing("\(field).parts[\(index)].function_call") }
                question.calls.append(
                    .init(token: call["id"]?.string ?? "", name: name, arguments: call["args"] ?? [:])
                )
            } else if let answer = part["functionResponse"] {
                guard let name = answer["name"]?.string, let response = answer["response"], response.object != nil
                else {
                    throw .missing("\(field).parts[\(index)].function_response.response")
                }
                let inner = response["result"] ?? response["output"] ?? response["content"]
                let words = inner.map { $0.string ?? $0.text } ?? response.text
                question.results.append(.init(id: name, text: words))
                result = words
            } else {
                throw PlayedError(.badRequest, "\(field).parts[\(index)]: contents.parts must have a data field.")
            }
        }
        question.add(role == "model" ? "assistant" : "user", text)
        if let result { question.add("tool", result) }
    }

    // MARK: Writing

    func whole(_ turn: PlayedTurn, _ question: PlayedQuestion) -> JSONTree {
        var parts: [JSONTree] = []
        if !turn.reasoning.isEmpty { parts.append(["text": .string(turn.thought), "thought": true]) }
        if !turn.pieces.isEmpty { parts.append(["text": .string(turn.text)]) }
        return document(turn, parts + calls(turn), finish: true, output: turn.pieces.count + turn.calls.count * 2)
    }

    /// Calls come whole; the seal of the thoughts before them is on the first one.
    private func calls(_ turn: PlayedTurn) -> [JSONTree] {
        turn.calls.enumerated().map { index, call in
            var part: JSONTree = ["functionCall": ["name": .string(call.name), "args": call.arguments]]
            if index == 0 { part["thoughtSignature"] = "c2lnLTE=" }
            return part
        }
    }

    func stream(_ turn: PlayedTurn, _ question: PlayedQuestion) -> [PlayedReply.Frame] {
        var frames: [PlayedReply.Frame] = []
        var (output, thoughts) = (0, 0)
        func add(_ parts: [JSONTree], _ tokens: Int, isThought: Bool = false) {
            if isThought { thoughts += tokens } else { output += tokens }
            frames.append(
                PlayedReply.Frame(
                    document(turn, parts, finish: false, output: output, thoughts: thoughts),
                    tokens: tokens
                )
            )
        }
        for piece in turn.reasoning { add([["text": .string(piece), "thought": true]], 1, isThought: true) }
        for piece in turn.pieces { add([["text": .string(piece)]], 1) }
        if !turn.calls.isEmpty { add(calls(turn), turn.calls.count * 2) }
        let last = document(turn, [["text": ""]], finish: true, output: output)
        return frames + [PlayedReply.Frame(last, tokens: turn.hidden)]
    }

    private func document(
        _ turn: PlayedTurn,
        _ parts: [JSONTree],
        finish: Bool,
        output: Int,
        thoughts: Int? = nil
    ) -> JSONTree {
        var candidate: JSONTree = ["content": ["parts": .array(parts), "role": "model"]]
        if finish { candidate["finishReason"] = reason(turn) }
        candidate["index"] = 0
        let thoughts = thoughts ?? turn.reasoned
        var usage: JSONTree = ["promptTokenCount": .number(turn.prompt)]
        if turn.cached > 0 { usage["cachedContentTokenCount"] = .number(turn.cached) }
        if output > 0 { usage["candidatesTokenCount"] = .number(output) }
        usage["totalTokenCount"] = .number(turn.prompt + output + thoughts)
        usage["promptTokensDetails"] = [["modality": "TEXT", "tokenCount": .number(turn.prompt)]]
        if thoughts > 0 { usage["thoughtsTokenCount"] = .number(thoughts) }
        return [
            "candidates": [candidate], "usageMetadata": usage, "modelVersion": .string(turn.model),
            "responseId": .string(turn.id),
        ]
    }

    /// Calls are no reason of their own.
    private func reason(_ turn: PlayedTurn) -> JSONTree {
        switch turn.finish {
        case .stop, .calls, .sequence: "STOP"
        case .length: "MAX_TOKENS"
        case .filtered: "SAFETY"
        }
    }

    func refusal(_ entry: PlayedWords.Entry, _ words: PlayedWords, _ call: PlayedCall) -> PlayedReply? {
        // Without `alt=sse` an error is an element of the array too.
        guard streams, call.query["alt"] != "sse" else { return nil }
        var reply = PlayedReply([words.body(entry)], status: entry.status)
        reply.fields = entry.fields
        return reply
    }
}
