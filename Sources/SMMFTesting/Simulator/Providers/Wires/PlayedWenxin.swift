// SPDX-License-Identifier: MIT

import SMMFWire

/// Baidu's Wenxin in its first version: turns alternate, one function is called at a time, a stream ends with `is_end`, and
/// errors have status 200.
struct PlayedWenxin: PlayedWire {
    func framing(_ call: PlayedCall) -> PlayedReply.Framing { .events(tight: false) }

    func question(_ call: PlayedCall) throws(PlayedError) -> PlayedQuestion {
        var question = PlayedQuestion()
        question.model = call.model
        if let system = call.body["system"]?.string { question.system = [system] }
        guard let messages = call.body["messages"]?.array, !messages.isEmpty else { throw .missing("messages") }
        guard messages.count % 2 == 1 else {
            throw PlayedError(.badRequest, "the length of messages must be an odd number")
        }
        for (index, message) in messages.enumerated() {
            let role = message["role"]?.string ?? ""
            // A function's answer stands on the user's side.
            let isUser = role == "user" || role == "function"
            guard isUser == (index % 2 == 0), isUser || role == "assistant" else {
                throw PlayedError(.badRequest, "the role of message with index \(index) must alternate")
            }
            let text = message["content"]?.string ?? ""
            if role == "function" {
                question.results.append(.init(id: message["name"]?.string ?? "", text: text))
                question.add("tool", text)
            } else {
                question.add(role, text)
            }
            guard let function = message["function_call"], let name = function["name"]?.string else { continue }
            let arguments = try? JSONTree(text: function["arguments"]?.string ?? "")
            question.calls.append(.init(token: "", name: name, arguments: arguments ?? .null))
        }
        for function in call.body["functions"]?.array ?? [] {
            guard let name = function["name"]?.string else { throw .missing("functions.name") }
            question.tools.append(.init(name: name, schema: function["parameters"] ?? [:]))
        }
        question.choice = PlayedOpenAI.choice(call.body["tool_choice"])
        if call.body["response_format"] == "json_object" { question.format = .json }
        question.stops = call.body["stop"]?.array?.compactMap(\.string) ?? []
        question.maxTokens = call.body["max_output_tokens"]?.int
        if let value = call.body["temperature"]?.double, value <= 0 || value > 1 {
            throw PlayedError(.badRequest, "temperature range is (0, 1.0]")
        }
        question.take(call.body, ["temperature", "top_p", "penalty_score", "user_id"].map { ($0, $0) })
        question.streams = call.body["stream"]?.bool ?? false
        return question
    }

    func whole(_ turn: PlayedTurn, _ question: PlayedQuestion) -> JSONTree {
        var tree = document(turn, turn.text, isEnd: true, output: turn.completion)
        if let call = turn.calls.first { tree["function_call"] = function(call) }
        return tree
    }

    private func function(_ call: PlayedTurn.Call) -> JSONTree {
        ["name": .string(call.name), "thoughts": "A function helps.", "arguments": .string(call.arguments.text)]
    }

    func stream(_ turn: PlayedTurn, _ question: PlayedQuestion) -> [PlayedReply.Frame] {
        // A call is one frame.
        guard turn.calls.isEmpty else {
            var tree = whole(turn, question)
            tree["sentence_id"] = 0
            tree["is_end"] = true
            return [PlayedReply.Frame(tree, tokens: turn.completion)]
        }
        var frames: [PlayedReply.Frame] = []
        for (index, piece) in turn.pieces.enumerated() {
            var tree = document(turn, piece, isEnd: false, output: 0)
            tree["sentence_id"] = .number(index)
            tree["is_end"] = false
            frames.append(PlayedReply.Frame(tree, tokens: 1))
        }
        var last = document(turn, "", isEnd: true, output: turn.completion)
        last["sentence_id"] = .number(frames.count)
        last["is_end"] = true
        return frames + [PlayedReply.Frame(last, tokens: turn.reasoned)]
    }

    /// Until the end the answer's tokens are not counted.
    private func document(_ turn: PlayedTurn, _ text: String, isEnd: Bool, output: Int) -> JSONTree {
        let reason: JSONTree =
            switch turn.finish {
            case .stop, .sequence: "normal"
            case .length: isEnd ? "length" : "normal"
            case .calls: "function_call"
            case .filtered: isEnd ? "content_filter" : "normal"
            }
        return [
            "id": .string("as-\(turn.id)"), "object": "chat.completion", "created": 1_795_454_513,
            "result": .string(text), "is_truncated": .bool(isEnd && turn.finish == .length),
            "need_clear_history": .bool(isEnd && turn.finish == .filtered), "finish_reason": reason,
            "usage": [
                "prompt_tokens": .number(turn.prompt), "completion_tokens": .number(output),
                "total_tokens": .number(turn.prompt + output),
            ],
        ]
    }

    /// The token for a key and its secret.
    static let token = PlayedRoute("POST", "/oauth/2.0/token", isOpen: true) { call throws(PlayedError) in
        guard call.query["grant_type"] == "client_credentials", let id = call.query["client_id"],
            let secret = call.query["client_secret"], !id.isEmpty, !secret.isEmpty
        else {
            return PlayedReply(["error": "invalid_request", "error_description": "grant_type is missing"], status: 400)
        }
        if !call.keys.isEmpty, !call.keys.contains("\(id):\(secret)") {
            let isKnown = call.keys.contains { $0.hasPrefix("\(id):") }
            let why = isKnown ? "Client authentication failed" : "unknown client id"
            return PlayedReply(["error": "invalid_client", "error_description": .string(why)], status: 401)
        }
        return PlayedReply([
            "refresh_token": "25.refresh", "expires_in": 2_592_000, "session_key": "key",
            "access_token": .string(call.memory.issue("24.")), "scope": "public", "session_secret": "secret",
        ])
    }

    static let embedding = PlayedRoute("POST", "/rpc/2.0/ai_custom/v1/wenxinworkshop/embeddings/{model}") {
        call throws(PlayedError) in
        let texts = try call.texts("input")
        let list = try PlayedRoute.vectors(texts, call).enumerated().map { index, vector -> JSONTree in
            ["object": "embedding", "embedding": PlayedRoute.list(vector), "index": .number(index)]
        }
        let tokens = PlayedRoute.count(texts)
        let usage: JSONTree = ["prompt_tokens": .number(tokens), "total_tokens": .number(tokens)]
        return PlayedRoute.reply(
            ["id": "as-1", "object": "embedding_list", "created": 1, "data": .array(list), "usage": usage],
            tokens
        )
    }
}
