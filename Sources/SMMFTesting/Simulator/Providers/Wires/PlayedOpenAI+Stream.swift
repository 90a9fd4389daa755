// SPDX-License-Identifier: MIT

import SMMFWire

extension PlayedOpenAI {
    func stream(_ turn: PlayedTurn, _ question: PlayedQuestion) -> [PlayedReply.Frame] {
        var frames = opening
        var isFirst = true
        func add(_ delta: JSONTree, tokens: Int = 0) {
            var delta = delta
            if isFirst || saysEveryRole { delta = Self.object(["role": "assistant"], delta) }
            isFirst = false
            frames.append(PlayedReply.Frame(chunk(turn, delta, unfinished), tokens: tokens))
        }
        if hasRoleChunk { add(["content": ""]) }
        for piece in turn.reasoning {
            switch reasoning {
            case .member(let name):
                var delta: JSONTree = ["content": .null]
                delta[name] = .string(piece)
                add(delta, tokens: 1)
            case .parts: add(["content": [Self.thinking(piece)]], tokens: 1)
            case .hidden: add(["content": ""], tokens: 1)
            }
        }
        // The last piece may come with the reason to finish.
        for piece in turn.pieces { add(["content": .string(piece)], tokens: 1) }
        if calls.isObject, !turn.calls.isEmpty {
            let delta: JSONTree = ["content": "", "tool_calls": list(turn, question)]
            add(delta, tokens: turn.calls.count * 2)
        }
        for (index, call) in turn.calls.enumerated() where calls != .whole && !calls.isObject {
            for (delta, tokens) in deltas(call, index, question) { add(delta, tokens: tokens) }
        }
        if turn.hidden > 0, let last = frames.indices.last { frames[last].tokens += turn.hidden }
        return frames + ending(turn, question)
    }

    /// The pieces of a call.
    private func deltas(
        _ call: PlayedTurn.Call,
        _ index: Int,
        _ question: PlayedQuestion
    ) -> [(JSONTree, tokens: Int)] {
        let id = JSONTree.string(callPrefix + call.token)
        func list(_ function: JSONTree, _ members: JSONTree) -> JSONTree {
            let tree = Self.object(Self.object(["index": .number(index)], members), ["function": function])
            return ["content": .null, "tool_calls": [tree]]
        }
        switch calls {
        case .whole, .object: return []
        case .wholeChunk:
            let tree = Self.object(["index": .number(index)], self.call(call, index: index))
            return [(["content": "", "tool_calls": [tree]], tokens: 2)]
        case .pieces, .emptyIDs:
            let first = list(
                ["name": .string(call.name), "arguments": ""],
                ["id": id, "type": "function"]
            )
            let later: JSONTree = calls == .emptyIDs ? ["id": "", "type": "function"] : [:]
            let pieces = call.pieces
            return [(first, tokens: 1)]
                + pieces.enumerated().map {
                    (list(["arguments": .string($1)], later), tokens: $0 == pieces.count - 1 ? 1 : 0)
                }
        }
    }

    private func ending(_ turn: PlayedTurn, _ question: PlayedQuestion) -> [PlayedReply.Frame] {
        var delta: JSONTree = saysEveryRole ? ["role": "assistant", "content": ""] : [:]
        var tokens = 0
        if calls == .whole, !turn.calls.isEmpty {
            delta = ["content": "", "tool_calls": .array(turn.calls.map { call($0, index: nil) })]
            tokens = turn.calls.count * 2
        }
        var last = chunk(turn, delta, finish(turn))
        switch usage {
        case .finishChunk: last["usage"] = counters(turn)
        case .choice:
            var choice = last["choices"]?[0] ?? [:]
            choice["usage"] = counters(turn)
            last["choices"] = [choice]
        case .groq: last["x_groq"] = ["id": .string(turn.id), "usage": counters(turn)]
        case .ownChunk: break
        }
        var frames = [PlayedReply.Frame(last, tokens: tokens)]
        if usage.isOwnChunk, question.wantsUsage {
            var tree = envelope(turn, "chat.completion.chunk")
            tree["choices"] = []
            tree["usage"] = counters(turn)
            frames.append(PlayedReply.Frame(tree))
        }
        return frames + [PlayedReply.Frame(text: "[DONE]")]
    }

    private func chunk(_ turn: PlayedTurn, _ delta: JSONTree, _ finish: JSONTree?) -> JSONTree {
        var choice: JSONTree = ["index": 0, "delta": delta]
        for member in choiceExtra.members { choice[member.key] = member.value }
        if let finish { choice["finish_reason"] = finish }
        var tree = envelope(turn, "chat.completion.chunk")
        tree["choices"] = [choice]
        if saysNullUsage { tree["usage"] = .null }
        return tree
    }

    private static func object(_ first: JSONTree, _ second: JSONTree) -> JSONTree {
        var tree = first
        for member in second.object?.members ?? [] { tree[member.key] = member.value }
        return tree
    }
}

extension PlayedOpenAI.UsagePlace {
    var isOwnChunk: Bool { self == .ownChunk || self == .groq }
}
