// SPDX-License-Identifier: MIT

import SMMFWire

/// Anthropic's Messages, from the types of its library and recorded streams.
struct PlayedAnthropic: PlayedWire {
    func framing(_ call: PlayedCall) -> PlayedReply.Framing { .events(tight: false) }

    func question(_ call: PlayedCall) throws(PlayedError) -> PlayedQuestion {
        guard call.field("anthropic-version") != nil else { throw .missing("anthropic-version: header") }
        guard let limit = call.body["max_tokens"]?.int, limit > 0 else {
            throw PlayedError(.badRequest, "max_tokens: Field required", param: "max_tokens")
        }
        var question = try conversation(call)
        question.maxTokens = limit
        return question
    }

    /// What counting tokens takes too.
    func conversation(_ call: PlayedCall) throws(PlayedError) -> PlayedQuestion {
        var question = PlayedQuestion()
        question.model = try call.need("model")
        if let text = call.body["system"]?.string { question.system = [text] }
        question.system += call.body["system"]?.array?.compactMap { $0["text"]?.string } ?? []
        guard let messages = call.body["messages"]?.array, !messages.isEmpty else { throw .missing("messages") }
        for (index, message) in messages.enumerated() {
            guard let role = message["role"]?.string, role == "user" || role == "assistant" else {
                throw .wrong("messages.\(index).role", "input should be 'user' or 'assistant'")
            }
            try read(message, role, "messages.\(index)", into: &question)
        }
        guard messages.first?["role"] == "user" else {
            throw PlayedError(.badRequest, "messages: first message must use the \"user\" role")
        }
        for (index, tool) in (call.body["tools"]?.array ?? []).enumerated() {
            guard let name = tool["name"]?.string else { throw .missing("tools.\(index).name") }
            guard let schema = tool["input_schema"] else { continue }
            question.tools.append(PlayedQuestion.Tool(name: name, schema: schema))
        }
        switch call.body["tool_choice"]?["type"]?.string {
        case "none": question.choice = .never
        case "any": question.choice = .required
        case "tool": question.choice = .tool(call.body["tool_choice"]?["name"]?.string ?? "")
        default: break
        }
        let format = call.body["output_config"]?["format"] ?? call.body["output_format"]
        if let schema = format?["schema"] { question.format = .schema(schema) }
        question.stops = call.body["stop_sequences"]?.array?.compactMap(\.string) ?? []
        if let value = call.body["temperature"]?.double, !(0...1).contains(value) {
            throw PlayedError(.badRequest, "temperature: range: 0..1", param: "temperature")
        }
        question.take(call.body, ["temperature", "top_p", "top_k"].map { ($0, $0) })
        question.streams = call.body["stream"]?.bool ?? false
        question.reasoning = call.body["thinking"]?.present
        if let budget = question.reasoning?["budget_tokens"]?.int {
            guard budget >= 1024, budget < call.body["max_tokens"]?.int ?? Int.max else {
                throw PlayedError(.badRequest, "thinking.budget_tokens: must be at least 1024 and below max_tokens")
            }
        }
        return question
    }

    private func read(
        _ message: JSONTree,
        _ role: String,
        _ field: String,
        into question: inout PlayedQuestion
    ) throws(PlayedError) {
        if let text = message["content"]?.string { return question.add(role, text) }
        guard let blocks = message["content"]?.array, !blocks.isEmpty else { throw .missing("\(field).content") }
        var texts: [String] = []
        var isResult = false
        for (index, block) in blocks.enumerated() {
            let place = "\(field).content.\(index)"
            switch block["type"]?.string {
            case "text": texts.append(block["text"]?.string ?? "")
            case "image":
                let source = block["source"] ?? [:]
                if let url = source["url"]?.string {
                    question.images.append(PlayedQuestion.Image(type: "url", bytes: url.utf8.count))
                } else {
                    let data = source["data"]?.string ?? ""
                    let type = source["media_type"]?.string
                    question.images.append(try PlayedMedia.image(data, type: type, field: "\(place).source.data"))
                }
            case "tool_use":
                guard let name = block["name"]?.string, let input = block["input"], input.object != nil else {
                    throw .missing("\(place).input")
                }
                question.calls.append(PlayedTurn.Call(token: block["id"]?.string ?? "", name: name, arguments: input))
            case "tool_result":
                guard let id = block["tool_use_id"]?.string else { throw .missing("\(place).tool_use_id") }
                let parts = block["content"]?.array?.compactMap { $0["text"]?.string }.joined() ?? ""
                question.results.append(.init(id: id, text: block["content"]?.string ?? parts))
                isResult = true
            case "thinking", "redacted_thinking", "document": break
            default: throw .wrong("\(place).type", "it is not known")
            }
        }
        question.add(role, texts.joined())
        if isResult { question.add("tool", question.results.last?.text ?? "") }
    }

    // MARK: Writing

    func whole(_ turn: PlayedTurn, _ question: PlayedQuestion) -> JSONTree {
        var blocks: [JSONTree] = []
        if !turn.reasoning.isEmpty {
            blocks.append(["type": "thinking", "thinking": .string(turn.thought), "signature": "sig-1"])
        }
        if !turn.pieces.isEmpty { blocks.append(["type": "text", "text": .string(turn.text)]) }
        blocks += turn.calls.map {
            ["type": "tool_use", "id": .string("toolu_\($0.token)"), "name": .string($0.name), "input": $0.arguments]
        }
        var tree = message(turn, .array(blocks))
        let (reason, sequence) = finish(turn)
        tree["stop_reason"] = reason
        tree["stop_sequence"] = sequence
        tree["usage"] = usage(turn, output: turn.completion)
        return tree
    }

    private func message(_ turn: PlayedTurn, _ content: JSONTree) -> JSONTree {
        [
            "id": .string("msg_\(turn.id)"), "type": "message", "role": "assistant", "model": .string(turn.model),
            "content": content, "stop_reason": .null, "stop_sequence": .null,
        ]
    }

    private func finish(_ turn: PlayedTurn) -> (JSONTree, JSONTree) {
        switch turn.finish {
        case .stop: ("end_turn", .null)
        case .length: ("max_tokens", .null)
        case .calls: ("tool_use", .null)
        case .filtered: ("refusal", .null)
        case .sequence(let text): ("stop_sequence", .string(text))
        }
    }

    /// The cached part stands beside the input and not in it.
    private func usage(_ turn: PlayedTurn, output: Int) -> JSONTree {
        [
            "input_tokens": .number(turn.prompt - turn.cached), "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": .number(turn.cached), "output_tokens": .number(output),
            "service_tier": "standard",
        ]
    }

    func stream(_ turn: PlayedTurn, _ question: PlayedQuestion) -> [PlayedReply.Frame] {
        var start = message(turn, [])
        start["usage"] = usage(turn, output: 1)
        var frames = [frame("message_start", ["message": start]), frame("ping", [:])]
        var index = 0
        func block(_ block: JSONTree, _ deltas: [(JSONTree, tokens: Int)]) {
            frames.append(frame("content_block_start", ["index": .number(index), "content_block": block]))
            for (delta, tokens) in deltas {
                frames.append(frame("content_block_delta", ["index": .number(index), "delta": delta], tokens))
            }
            frames.append(frame("content_block_stop", ["index": .number(index)]))
            index += 1
        }
        if !turn.reasoning.isEmpty {
            block(
                ["type": "thinking", "thinking": "", "signature": ""],
                turn.reasoning.map { (["type": "thinking_delta", "thinking": .string($0)], 1) }
                    + [(["type": "signature_delta", "signature": "sig-1"], 0)]
            )
        }
        if !turn.pieces.isEmpty {
            block(
                ["type": "text", "text": ""],
                turn.pieces.map { (["type": "text_delta", "text": .string($0)], 1) }
            )
        }
        for call in turn.calls {
            // Without arguments there is one empty piece.
            let pieces = call.arguments.object?.isEmpty == true ? [] : call.pieces
            block(
                ["type": "tool_use", "id": .string("toolu_\(call.token)"), "name": .string(call.name), "input": [:]],
                [(["type": "input_json_delta", "partial_json": ""], 2)]
                    + pieces.map { (["type": "input_json_delta", "partial_json": .string($0)], 0) }
            )
        }
        let (reason, sequence) = finish(turn)
        frames.append(
            frame(
                "message_delta",
                [
                    "delta": ["stop_reason": reason, "stop_sequence": sequence],
                    "usage": usage(turn, output: turn.completion),
                ],
                turn.hidden
            )
        )
        return frames + [frame("message_stop", [:])]
    }

    private func frame(_ type: String, _ members: JSONTree, _ tokens: Int = 0) -> PlayedReply.Frame {
        var tree: JSONTree = ["type": .string(type)]
        for member in members.object?.members ?? [] { tree[member.key] = member.value }
        return PlayedReply.Frame(tree, tokens: tokens, lines: ["event: \(type)"])
    }

    func failure(_ entry: PlayedWords.Entry, _ words: PlayedWords) -> PlayedReply.Frame {
        PlayedReply.Frame(words.body(entry), lines: ["event: error"])
    }

    /// `POST /v1/messages/count_tokens`.
    static func count(_ path: String) -> PlayedRoute {
        PlayedRoute("POST", path) { call throws(PlayedError) in
            let question = try PlayedAnthropic().conversation(call)
            if let kind = PlayedScene(question.said).error { throw PlayedError(kind) }
            return PlayedReply(["input_tokens": .number(question.tokens)])
        }
    }
}
