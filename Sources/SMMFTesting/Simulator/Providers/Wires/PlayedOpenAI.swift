// SPDX-License-Identifier: MIT

import SMMFWire

/// OpenAI's chat completions, and in what those who imitate them differ.
///
/// Sources: the types of OpenAI's library, recorded streams, and each vendor's page for its own differences.
struct PlayedOpenAI: PlayedWire {
    /// Where a stream tells its usage.
    enum UsagePlace: Sendable {
        /// In a chunk of its own without choices, when it was asked for.
        case ownChunk
        /// In the chunk with the finish reason, asked for or not.
        case finishChunk
        /// In the last chunk's choice.
        case choice
        /// As `ownChunk`, and in `x_groq` of the last chunk, asked for or not.
        case groq
    }

    /// How a stream tells tool calls.
    enum CallStyle: Sendable {
        /// In pieces, the id in the first one.
        case pieces
        /// In pieces that all have an id, of which later ones are empty.
        case emptyIDs
        /// Whole, in the chunk with the finish reason, without index and type.
        case whole
        /// Whole, with an index, in a chunk of their own.
        case wholeChunk
        /// One object instead of a list, unless the request switches that off.
        case object
    }

    /// Where reasoning is shown.
    enum ReasoningPlace: Sendable {
        case member(String)
        /// In `content`, which is then a list.
        case parts
        /// It is only counted.
        case hidden
    }

    /// Where the cached part of the prompt is counted.
    enum CachedPlace: Sendable { case details, top, deepSeek, nowhere }

    var usage = UsagePlace.ownChunk
    var calls = CallStyle.pieces
    var reasoning = ReasoningPlace.member("reasoning_content")
    var cached = CachedPlace.details
    /// What the finish reason is until there is one; nil leaves it out.
    var unfinished: JSONTree? = .null
    /// Whether chunks without usage say so.
    var saysNullUsage = false
    /// Whether each delta has a role.
    var saysEveryRole = false
    /// Whether the first chunk has nothing but a role.
    var hasRoleChunk = true
    var hasObject = true
    /// Members that stand before all others, such as Spark's code.
    var head: JSONObject = [:]
    /// Members of each choice.
    var choiceExtra: JSONObject = [:]
    /// What stands before the first chunk.
    var opening: [PlayedReply.Frame] = []
    var isTight = false
    /// The beginning of ids of calls.
    var callPrefix = "call_"
    /// Whether the model stands in the path and not in the body.
    var hasModelInPath = false
    /// What the provider refuses of a body.
    var refusals: [PlayedRefusal] = []
    /// Finish reasons that are the provider's own.
    var filtered = "content_filter"

    func framing(_ call: PlayedCall) -> PlayedReply.Framing { .events(tight: isTight) }

    // MARK: In one piece

    func whole(_ turn: PlayedTurn, _ question: PlayedQuestion) -> JSONTree {
        var message: JSONTree = ["role": "assistant"]
        message["content"] = turn.pieces.isEmpty ? (calls.isObject ? "" : .null) : content(turn)
        if case .member(let name) = reasoning, !turn.reasoning.isEmpty { message[name] = .string(turn.thought) }
        if !turn.calls.isEmpty { message["tool_calls"] = list(turn, question) }
        var choice: JSONTree = ["index": 0, "message": message, "finish_reason": finish(turn)]
        for member in choiceExtra.members { choice[member.key] = member.value }
        var tree = envelope(turn, "chat.completion")
        tree["choices"] = [choice]
        tree["usage"] = counters(turn)
        return tree
    }

    private func content(_ turn: PlayedTurn) -> JSONTree {
        guard case .parts = reasoning, !turn.reasoning.isEmpty else { return .string(turn.text) }
        return [Self.thinking(turn.thought), ["type": "text", "text": .string(turn.text)]]
    }

    static func thinking(_ text: String) -> JSONTree {
        ["type": "thinking", "thinking": [["type": "text", "text": .string(text)]]]
    }

    /// All calls, or the first one where there is one object for them.
    func list(_ turn: PlayedTurn, _ question: PlayedQuestion) -> JSONTree {
        let all = turn.calls.enumerated().map { call($1, index: $0) }
        return calls.isObject && question.sampling["tool_calls_switch"] != true ? all[0] : .array(all)
    }

    /// A whole call.
    func call(_ call: PlayedTurn.Call, index: Int?) -> JSONTree {
        let function: JSONTree = ["name": .string(call.name), "arguments": .string(call.arguments.text)]
        var tree: JSONTree = ["id": .string(callPrefix + call.token)]
        if calls != .whole { tree["type"] = "function" }
        tree["function"] = function
        return tree
    }

    // MARK: Shared parts

    func envelope(_ turn: PlayedTurn, _ object: String) -> JSONTree {
        var tree = JSONTree.object(head)
        tree["id"] = .string("chatcmpl-\(turn.id)")
        if hasObject { tree["object"] = .string(object) }
        tree["created"] = 1_795_454_513
        tree["model"] = .string(turn.model)
        return tree
    }

    func finish(_ turn: PlayedTurn) -> JSONTree {
        switch turn.finish {
        case .stop, .sequence: "stop"
        case .length: "length"
        case .calls: "tool_calls"
        case .filtered: .string(filtered)
        }
    }

    func counters(_ turn: PlayedTurn) -> JSONTree {
        var tree: JSONTree = [
            "prompt_tokens": .number(turn.prompt), "completion_tokens": .number(turn.completion),
            "total_tokens": .number(turn.prompt + turn.completion),
        ]
        switch cached {
        case .details: tree["prompt_tokens_details"] = ["cached_tokens": .number(turn.cached)]
        case .top: tree["cached_tokens"] = .number(turn.cached)
        case .deepSeek:
            tree["prompt_tokens_details"] = ["cached_tokens": .number(turn.cached)]
            tree["prompt_cache_hit_tokens"] = .number(turn.cached)
            tree["prompt_cache_miss_tokens"] = .number(turn.prompt - turn.cached)
        case .nowhere: break
        }
        if turn.reasoned > 0 { tree["completion_tokens_details"] = ["reasoning_tokens": .number(turn.reasoned)] }
        return tree
    }
}

extension PlayedOpenAI.CallStyle {
    var isObject: Bool { self == .object }
}
