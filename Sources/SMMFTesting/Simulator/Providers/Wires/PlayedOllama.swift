// SPDX-License-Identifier: MIT

import SMMFWire

/// Ollama's own API, from its pages and its server's code: lines of JSON, streams unless told otherwise, calls whole.
struct PlayedOllama: PlayedWire {
    func framing(_ call: PlayedCall) -> PlayedReply.Framing { .lines }

    func question(_ call: PlayedCall) throws(PlayedError) -> PlayedQuestion {
        var question = PlayedQuestion()
        question.model = try call.need("model")
        for (index, message) in (call.body["messages"]?.array ?? []).enumerated() {
            let text = message["content"]?.string ?? ""
            for image in message["images"]?.array ?? [] {
                let field = "messages[\(index)].images"
                question.images.append(try PlayedMedia.image(image.string ?? "-", type: nil, field: field))
            }
            for called in message["tool_calls"]?.array ?? [] {
                guard let name = called["function"]?["name"]?.string, let arguments = called["function"]?["arguments"],
                    arguments.object != nil
                else { throw PlayedError(.badRequest, "json: cannot unmarshal string into tool_calls arguments") }
                question.calls.append(.init(token: called["id"]?.string ?? "", name: name, arguments: arguments))
            }
            switch message["role"]?.string {
            case "system": question.system.append(text)
            case "tool":
                let id = message["tool_name"]?.string ?? message["tool_call_id"]?.string
                question.results.append(.init(id: id ?? "", text: text))
                question.add("tool", text)
            case "user", "assistant": question.add(message["role"]?.string ?? "", text)
            default: throw PlayedError(.badRequest, "invalid role")
            }
        }
        for tool in call.body["tools"]?.array ?? [] {
            let name = tool["function"]?["name"]?.string ?? ""
            question.tools.append(.init(name: name, schema: tool["function"]?["parameters"] ?? [:]))
        }
        if let format = call.body["format"]?.present {
            question.format = format.object != nil ? .schema(format) : .json
        }
        let options = call.body["options"]
        question.maxTokens = options?["num_predict"]?.int
        question.stops = options?["stop"]?.array?.compactMap(\.string) ?? []
        question.take(options, ["temperature", "top_p", "top_k", "seed", "num_ctx"].map { ($0, $0) })
        question.reasoning = call.body["think"]?.present
        question.streams = call.body["stream"]?.bool ?? true
        return question
    }

    func whole(_ turn: PlayedTurn, _ question: PlayedQuestion) -> JSONTree {
        var message: JSONTree = ["role": "assistant", "content": .string(turn.text)]
        if !turn.reasoning.isEmpty { message["thinking"] = .string(turn.thought) }
        if !turn.calls.isEmpty { message["tool_calls"] = calls(turn) }
        return ended(turn, message)
    }

    private func calls(_ turn: PlayedTurn) -> JSONTree {
        .array(
            turn.calls.enumerated().map { index, call in
                [
                    "id": .string("call_\(call.token)"),
                    "function": ["index": .number(index), "name": .string(call.name), "arguments": call.arguments],
                ]
            }
        )
    }

    func stream(_ turn: PlayedTurn, _ question: PlayedQuestion) -> [PlayedReply.Frame] {
        var frames: [PlayedReply.Frame] = []
        for piece in turn.reasoning {
            frames.append(line(turn, ["role": "assistant", "content": "", "thinking": .string(piece)], 1))
        }
        for piece in turn.pieces { frames.append(line(turn, ["role": "assistant", "content": .string(piece)], 1)) }
        if !turn.calls.isEmpty {
            let message: JSONTree = ["role": "assistant", "content": "", "tool_calls": calls(turn)]
            frames.append(line(turn, message, turn.calls.count * 2))
        }
        let last = ended(turn, ["role": "assistant", "content": ""])
        return frames + [PlayedReply.Frame(last, tokens: turn.hidden)]
    }

    private func line(_ turn: PlayedTurn, _ message: JSONTree, _ tokens: Int) -> PlayedReply.Frame {
        var tree = begun(turn, message)
        tree["done"] = false
        return PlayedReply.Frame(tree, tokens: tokens)
    }

    private func begun(_ turn: PlayedTurn, _ message: JSONTree) -> JSONTree {
        ["model": .string(turn.model), "created_at": "2026-11-25T00:00:00.123456Z", "message": message]
    }

    /// Calls end with the reason `stop` too.
    private func ended(_ turn: PlayedTurn, _ message: JSONTree) -> JSONTree {
        var tree = begun(turn, message)
        tree["done"] = true
        tree["done_reason"] = turn.finish == .length ? "length" : "stop"
        tree["total_duration"] = 182_242_375
        tree["load_duration"] = 41_295_167
        tree["prompt_eval_count"] = .number(turn.prompt)
        tree["prompt_eval_duration"] = 24_573_166
        tree["eval_count"] = .number(turn.completion)
        tree["eval_duration"] = 115_959_084
        return tree
    }

    /// Ollama's paths.
    static let routes: [PlayedRoute] = [
        .chat("/api/chat", PlayedOllama()),
        PlayedRoute("POST", "/api/embed") { call throws(PlayedError) in
            let model = try call.need("model")
            let texts = try call.texts("input")
            let lists = try PlayedRoute.vectors(texts, call).map(PlayedRoute.list)
            let tokens = PlayedRoute.count(texts)
            return PlayedRoute.reply(
                [
                    "model": .string(model), "embeddings": .array(lists), "total_duration": 14_143_917,
                    "load_duration": 1_019_500, "prompt_eval_count": .number(tokens),
                ],
                tokens
            )
        },
        PlayedRoute("GET", "/api/tags") { call throws(PlayedError) in
            PlayedReply(["models": [["name": "sim", "model": "sim", "size": 1]]])
        },
        PlayedRoute("GET", "/api/version", isOpen: true) { call throws(PlayedError) in
            PlayedReply(["version": "0.33.0"])
        },
    ]
}
