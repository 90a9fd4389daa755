// SPDX-License-Identifier: MIT

import SMMFWire

/// DashScope's own API: streams are asked for by a field, events have no blanks, and without `incremental_output` each
/// of them repeats all that came before.
struct PlayedDashScope: PlayedWire {
    func framing(_ call: PlayedCall) -> PlayedReply.Framing { .events(tight: true) }

    private static func streams(_ call: PlayedCall) -> Bool {
        call.field("x-dashscope-sse")?.lowercased() == "enable"
            || call.field("accept")?.contains("text/event-stream") == true
    }

    func question(_ call: PlayedCall) throws(PlayedError) -> PlayedQuestion {
        var question = PlayedQuestion()
        question.model = try call.need("model")
        guard let messages = call.body["input"]?["messages"]?.array, !messages.isEmpty else {
            throw PlayedError(.badRequest, "Required body invalid, please check the request body format.")
        }
        for (index, message) in messages.enumerated() {
            var message = message
            // Parts are `{"text"}` and `{"image"}` here.
            if let parts = message["content"]?.array {
                message["content"] = .array(
                    parts.map { part in
                        if let image = part["image"] { return ["type": "image_url", "image_url": ["url": image]] }
                        return ["type": "text", "text": part["text"] ?? ""]
                    }
                )
            }
            try PlayedOpenAI.read(message, "input.messages[\(index)]", into: &question)
        }
        let parameters = call.body["parameters"] ?? [:]
        guard parameters["result_format"] == "message" else {
            throw PlayedError(.badRequest, "The simulator plays result_format message only.")
        }
        if let value = parameters["top_p"]?.double, value <= 0 || value >= 1 {
            throw PlayedError(.badRequest, "Range of top_p should be (0.0, 1.0)")
        }
        for tool in parameters["tools"]?.array ?? [] {
            let name = tool["function"]?["name"]?.string ?? ""
            question.tools.append(.init(name: name, schema: tool["function"]?["parameters"] ?? [:]))
        }
        if parameters["tool_choice"] == "required" {
            throw PlayedError(.badRequest, "tool_choice is one of the strings that should be [\"none\", \"auto\"]")
        }
        question.choice = PlayedOpenAI.choice(parameters["tool_choice"])
        question.format = PlayedOpenAI.format(parameters["response_format"])
        if let one = parameters["stop"]?.string { question.stops = [one] }
        question.stops += parameters["stop"]?.array?.compactMap(\.string) ?? []
        question.maxTokens = parameters["max_tokens"]?.int
        question.reasoning = parameters["enable_thinking"]?.present
        question.take(
            parameters,
            ["temperature", "top_p", "top_k", "seed", "n", "presence_penalty", "incremental_output"].map { ($0, $0) }
        )
        question.streams = Self.streams(call)
        let isIncremental = parameters["incremental_output"]?.bool ?? false
        guard isIncremental || !question.streams || question.reasoning != true else {
            throw PlayedError(.badRequest, "parameter.enable_thinking only supports incremental_output true")
        }
        return question
    }

    func whole(_ turn: PlayedTurn, _ question: PlayedQuestion) -> JSONTree {
        var message: JSONTree = ["role": "assistant", "content": .string(turn.text)]
        if !turn.reasoning.isEmpty { message["reasoning_content"] = .string(turn.thought) }
        if !turn.calls.isEmpty { message["tool_calls"] = .array(calls(turn)) }
        return document(turn, message, finish(turn), output: turn.completion)
    }

    private func calls(_ turn: PlayedTurn, ids: Bool = true) -> [JSONTree] {
        turn.calls.enumerated().map { index, call in
            [
                "index": .number(index), "id": .string("call_\(call.token)"), "type": "function",
                "function": ["name": .string(call.name), "arguments": .string(call.arguments.text)],
            ]
        }
    }

    func stream(_ turn: PlayedTurn, _ question: PlayedQuestion) -> [PlayedReply.Frame] {
        let isIncremental = question.sampling["incremental_output"] == true
        var frames: [PlayedReply.Frame] = []
        var (text, thought, sent) = ("", "", 0)
        func add(_ tokens: Int, text piece: String = "", thought idea: String = "", calls: [JSONTree] = []) {
            text += piece
            thought += idea
            sent += tokens
            var message: JSONTree = [
                "content": .string(isIncremental ? piece : text), "role": "assistant",
            ]
            if !turn.reasoning.isEmpty { message["reasoning_content"] = .string(isIncremental ? idea : thought) }
            if !calls.isEmpty { message["tool_calls"] = .array(calls) }
            frames.append(frame(document(turn, message, "null", output: sent), frames.count, tokens))
        }
        for piece in turn.reasoning { add(1, thought: piece) }
        for piece in turn.pieces { add(1, text: piece) }
        if isIncremental {
            for (index, call) in turn.calls.enumerated() {
                for (place, arguments) in ([""] + call.pieces).enumerated() {
                    var function: JSONTree = ["arguments": .string(arguments)]
                    if place == 0 { function = ["name": .string(call.name), "arguments": ""] }
                    let id = place == 0 ? "call_\(call.token)" : ""
                    let tree: JSONTree = [
                        "index": .number(index), "id": .string(id), "type": "function", "function": function,
                    ]
                    add(place == 0 ? 2 : 0, calls: [tree])
                }
            }
        } else if !turn.calls.isEmpty {
            add(turn.calls.count * 2, calls: calls(turn))
        }
        var message: JSONTree = ["content": .string(isIncremental ? "" : text), "role": "assistant"]
        if !turn.reasoning.isEmpty { message["reasoning_content"] = .string(isIncremental ? "" : thought) }
        if !isIncremental, !turn.calls.isEmpty { message["tool_calls"] = .array(calls(turn)) }
        let last = document(turn, message, finish(turn), output: turn.completion)
        return frames + [frame(last, frames.count, turn.hidden)]
    }

    private func frame(_ tree: JSONTree, _ index: Int, _ tokens: Int) -> PlayedReply.Frame {
        let lines = ["id:\(index + 1)", "event:result", ":HTTP_STATUS/200"]
        return PlayedReply.Frame(tree, tokens: tokens, lines: lines)
    }

    private func document(_ turn: PlayedTurn, _ message: JSONTree, _ finish: JSONTree, output: Int) -> JSONTree {
        var usage: JSONTree = [
            "total_tokens": .number(turn.prompt + output), "input_tokens": .number(turn.prompt),
            "output_tokens": .number(output), "prompt_tokens_details": ["cached_tokens": .number(turn.cached)],
        ]
        if turn.reasoned > 0 { usage["output_tokens_details"] = ["reasoning_tokens": .number(turn.reasoned)] }
        return [
            "output": ["choices": [["message": message, "finish_reason": finish]]], "usage": usage,
            "request_id": .string(turn.id),
        ]
    }

    private func finish(_ turn: PlayedTurn) -> JSONTree {
        switch turn.finish {
        case .stop, .sequence, .filtered: "stop"
        case .length: "length"
        case .calls: "tool_calls"
        }
    }

    /// A refusal of a stream is an event, whatever its status.
    func refusal(_ entry: PlayedWords.Entry, _ words: PlayedWords, _ call: PlayedCall) -> PlayedReply? {
        guard Self.streams(call) else { return nil }
        var reply = PlayedReply(.events(tight: true), [failure(entry, words)])
        reply.status = entry.status
        return reply
    }

    func failure(_ entry: PlayedWords.Entry, _ words: PlayedWords) -> PlayedReply.Frame {
        let lines = ["id:1", "event:error", ":HTTP_STATUS/\(entry.status)"]
        return PlayedReply.Frame(words.body(entry), lines: lines)
    }

    // MARK: Vectors and ranks

    static let embedding = PlayedRoute("POST", "/api/v1/services/embeddings/text-embedding/text-embedding") {
        call throws(PlayedError) in
        _ = try call.need("model")
        let texts = try call.texts("texts", in: call.body["input"])
        guard texts.count <= 10 else {
            throw PlayedError(.badRequest, "batch size is invalid, it should not be larger than 10.")
        }
        let vectors = try PlayedRoute.vectors(texts, call)
        let list = vectors.enumerated().map { index, vector -> JSONTree in
            ["embedding": PlayedRoute.list(vector), "text_index": .number(index)]
        }
        let tokens = PlayedRoute.count(texts)
        return PlayedRoute.reply(
            ["output": ["embeddings": .array(list)], "usage": ["total_tokens": .number(tokens)], "request_id": "r1"],
            tokens
        )
    }

    static let rerank = PlayedRoute("POST", "/api/v1/services/rerank/text-rerank/text-rerank") {
        call throws(PlayedError) in
        let (results, tokens) = try PlayedRoute.ranks(call, most: "top_n", in: call.body["input"])
        let list = results.map { PlayedRoute.result(call, $0, document: nil) }
        return PlayedRoute.reply(
            ["output": ["results": .array(list)], "usage": ["total_tokens": .number(tokens)], "request_id": "r1"],
            tokens
        )
    }
}
