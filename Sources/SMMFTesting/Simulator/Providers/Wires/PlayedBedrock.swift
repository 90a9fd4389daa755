// SPDX-License-Identifier: MIT

import SMMFWire

/// Converse of AWS Bedrock, from the service's own model; a stream is frames with checksums.
struct PlayedBedrock: PlayedWire {
    /// Whether the request is for a stream, which the path says.
    var streams = false

    func framing(_ call: PlayedCall) -> PlayedReply.Framing { .frames }

    func question(_ call: PlayedCall) throws(PlayedError) -> PlayedQuestion {
        let known = [
            "messages", "system", "inferenceConfig", "toolConfig", "additionalModelRequestFields", "guardrailConfig",
            "performanceConfig", "serviceTier", "requestMetadata", "promptVariables", "outputConfig",
            "additionalModelResponseFieldPaths",
        ]
        for key in call.body.object?.keys ?? [] where !known.contains(key) {
            throw PlayedError(.badRequest, "The request has an unknown member: \(key)", param: key)
        }
        var question = PlayedQuestion()
        question.model = call.model
        question.streams = streams
        question.system = call.body["system"]?.array?.compactMap { $0["text"]?.string } ?? []
        guard let messages = call.body["messages"]?.array, !messages.isEmpty else { throw .missing("messages") }
        var last = "assistant"
        for (index, message) in messages.enumerated() {
            let role = message["role"]?.string ?? ""
            guard role == "user" || role == "assistant", role != last else {
                throw PlayedError(.badRequest, "A conversation must alternate between user and assistant roles.")
            }
            last = role
            try read(message, role, "messages.\(index).content", into: &question)
        }
        for tool in call.body["toolConfig"]?["tools"]?.array ?? [] {
            guard let spec = tool["toolSpec"] else { continue }
            guard let name = spec["name"]?.string, let schema = spec["inputSchema"]?["json"] else {
                throw .missing("toolConfig.tools.toolSpec.inputSchema.json")
            }
            question.tools.append(PlayedQuestion.Tool(name: name, schema: schema))
        }
        let choice = call.body["toolConfig"]?["toolChoice"]
        if choice?["any"] != nil { question.choice = .required }
        if let name = choice?["tool"]?["name"]?.string { question.choice = .tool(name) }
        let config = call.body["inferenceConfig"]
        question.maxTokens = config?["maxTokens"]?.int
        question.stops = config?["stopSequences"]?.array?.compactMap(\.string) ?? []
        question.take(config, [("temperature", "temperature"), ("topP", "top_p")])
        question.reasoning = call.body["additionalModelRequestFields"]?.present
        return question
    }

    private func read(
        _ message: JSONTree,
        _ role: String,
        _ field: String,
        into question: inout PlayedQuestion
    ) throws(PlayedError) {
        guard let blocks = message["content"]?.array, !blocks.isEmpty else { throw .missing(field) }
        var (text, result) = ("", String?.none)
        for (index, block) in blocks.enumerated() {
            if let piece = block["text"]?.string {
                text += piece
            } else if let image = block["image"] {
                let data = image["source"]?["bytes"]?.string ?? ""
                let type = image["format"]?.string.map { "image/\($0)" }
                question.images.append(try PlayedMedia.image(data, type: type, field: "\(field).\(index).image"))
            } else if let use = block["toolUse"] {
                guard let name = use["name"]?.string, let input = use["input"] else {
                    throw .missing("\(field).toolUse")
                }
                question.calls.append(.init(token: use["toolUseId"]?.string ?? "", name: name, arguments: input))
            } else if let answer = block["toolResult"] {
                guard let id = answer["toolUseId"]?.string else { throw .missing("\(field).toolResult.toolUseId") }
                let parts = answer["content"]?.array ?? []
                let words = parts.map { $0["text"]?.string ?? $0["json"]?.text ?? "" }.joined()
                question.results.append(.init(id: id, text: words))
                result = words
            }
        }
        question.add(role, text)
        if let result { question.add("tool", result) }
    }

    // MARK: Writing

    func whole(_ turn: PlayedTurn, _ question: PlayedQuestion) -> JSONTree {
        var blocks: [JSONTree] = []
        if !turn.reasoning.isEmpty {
            blocks.append([
                "reasoningContent": ["reasoningText": ["text": .string(turn.thought), "signature": "sig-1"]]
            ])
        }
        if !turn.pieces.isEmpty { blocks.append(["text": .string(turn.text)]) }
        blocks += turn.calls.map {
            ["toolUse": ["toolUseId": .string("tooluse_\($0.token)"), "name": .string($0.name), "input": $0.arguments]]
        }
        return [
            "output": ["message": ["role": "assistant", "content": .array(blocks)]], "stopReason": finish(turn),
            "usage": usage(turn), "metrics": ["latencyMs": 12],
        ]
    }

    private func usage(_ turn: PlayedTurn) -> JSONTree {
        var tree: JSONTree = [
            "inputTokens": .number(turn.prompt - turn.cached), "outputTokens": .number(turn.completion),
            "totalTokens": .number(turn.prompt + turn.completion),
        ]
        if turn.cached > 0 { tree["cacheReadInputTokens"] = .number(turn.cached) }
        return tree
    }

    private func finish(_ turn: PlayedTurn) -> JSONTree {
        switch turn.finish {
        case .stop: "end_turn"
        case .sequence: "stop_sequence"
        case .length: "max_tokens"
        case .calls: "tool_use"
        case .filtered: "guardrail_intervened"
        }
    }

    func stream(_ turn: PlayedTurn, _ question: PlayedQuestion) -> [PlayedReply.Frame] {
        var frames = [PlayedReply.Frame(["role": "assistant", "p": "abc"], event: "messageStart")]
        var index = 0
        func block(_ deltas: [(JSONTree, tokens: Int)], start: JSONTree? = nil) {
            if let start {
                let tree: JSONTree = ["contentBlockIndex": .number(index), "start": start]
                frames.append(PlayedReply.Frame(tree, event: "contentBlockStart"))
            }
            for (delta, tokens) in deltas {
                let tree: JSONTree = ["contentBlockIndex": .number(index), "delta": delta, "p": "abcdef"]
                frames.append(PlayedReply.Frame(tree, tokens: tokens, event: "contentBlockDelta"))
            }
            frames.append(PlayedReply.Frame(["contentBlockIndex": .number(index)], event: "contentBlockStop"))
            index += 1
        }
        if !turn.reasoning.isEmpty {
            block(
                turn.reasoning.map { (["reasoningContent": ["text": .string($0)]], 1) }
                    + [(["reasoningContent": ["signature": "sig-1"]], 0)]
            )
        }
        if !turn.pieces.isEmpty { block(turn.pieces.map { (["text": .string($0)], 1) }) }
        for call in turn.calls {
            // Without arguments there is one empty piece.
            let pieces = call.arguments.object?.isEmpty == true ? [""] : call.pieces
            block(
                pieces.enumerated().map { (["toolUse": ["input": .string($1)]], $0 == 0 ? 2 : 0) },
                start: ["toolUse": ["toolUseId": .string("tooluse_\(call.token)"), "name": .string(call.name)]]
            )
        }
        frames.append(PlayedReply.Frame(["stopReason": finish(turn)], event: "messageStop"))
        let metadata: JSONTree = ["usage": usage(turn), "metrics": ["latencyMs": 12]]
        frames.append(PlayedReply.Frame(metadata, tokens: turn.hidden, event: "metadata"))
        return frames
    }

    func failure(_ entry: PlayedWords.Entry, _ words: PlayedWords) -> PlayedReply.Frame {
        PlayedReply.Frame(["message": .string(entry.text)], event: "serviceUnavailableException")
    }

    /// Both methods on models, and the count of tokens.
    static let routes: [PlayedRoute] = [
        .chat("/model/{model}/converse", PlayedBedrock()),
        .chat("/model/{model}/converse-stream", PlayedBedrock(streams: true)),
        PlayedRoute("POST", "/model/{model}/count-tokens") { call throws(PlayedError) in
            var inner = call
            inner.body = call.body["input"]?["converse"] ?? [:]
            let question = try PlayedBedrock().question(inner)
            if let kind = PlayedScene(question.said).error { throw PlayedError(kind) }
            return PlayedReply(["inputTokens": .number(question.tokens)])
        },
    ]
}
