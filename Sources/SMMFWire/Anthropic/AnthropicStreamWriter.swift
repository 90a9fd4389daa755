// SPDX-License-Identifier: MIT

/// Writes a stream of Anthropic's Messages API: one block after another, each begun and ended.
///
/// Calls of tools may come interleaved, and blocks may not: a call waits until the one before it is complete.
struct AnthropicStreamWriter: ChatStreamWriter, Sendable {
    private enum Block: Sendable, Hashable {
        case text, thinking
        /// The place of its call among all calls.
        case tool(Int)
    }

    private struct Waiting: Sendable {
        var place: Int
        var id: String
        var name: String
        var arguments = ""
    }

    var contentType: String { "text/event-stream; charset=utf-8" }
    private var identity: AnswerIdentity
    private var usage = TokenUsage()
    private var hasBegun = false
    private var isOver = false
    private var open: Block?
    private var index = -1
    /// The arguments of the open call so far.
    private var arguments = ""
    private var waiting: [Waiting] = []
    private var stop = StopReason.end

    init(_ identity: AnswerIdentity) { self.identity = identity }

    mutating func write(_ event: ChatEvent, to output: inout [UInt8]) {
        guard !isOver else { return }
        switch event {
        case .start(let id, _, _): if let id, !hasBegun { identity.id = id }
        case .usage(let usage): self.usage = usage
        case .delta(let choice, let delta): if choice == 0 { write(delta, to: &output) }
        case .stop(let choice, let reason):
            guard choice == 0 else { return }
            begin(to: &output)
            finishBlocks(to: &output)
            stop = reason
        case .error(let error):
            isOver = true
            Self.append("error", AnthropicWords.error(error), to: &output)
        case .end:
            isOver = true
            begin(to: &output)
            finishBlocks(to: &output)
            let (reason, sequence) = AnthropicWords.stop(stop)
            let delta: JSONTree = ["stop_reason": .string(reason), "stop_sequence": sequence]
            let usage = AnthropicWords.usage(usage)
            Self.append("message_delta", ["type": "message_delta", "delta": delta, "usage": usage], to: &output)
            Self.append("message_stop", ["type": "message_stop"], to: &output)
        }
    }

    private static func append(_ name: StaticString, _ data: JSONTree, to output: inout [UInt8]) {
        output.append(literal: "event: ")
        output.append(literal: name)
        output.append(literal: "\ndata: ")
        data.append(to: &output)
        output.append(literal: "\n\n")
    }

    private mutating func begin(to output: inout [UInt8]) {
        guard !hasBegun else { return }
        hasBegun = true
        let message: JSONTree = [
            "id": .string(identity.id), "type": "message", "role": "assistant", "model": .string(identity.model),
            "content": [], "stop_reason": .null, "stop_sequence": .null, "usage": AnthropicWords.usage(usage),
        ]
        Self.append("message_start", ["type": "message_start", "message": message], to: &output)
    }

    private mutating func write(_ delta: ChatDelta, to output: inout [UInt8]) {
        begin(to: &output)
        switch delta {
        case .text(let text), .refusal(let text):
            openBlock(.text, ["type": "text", "text": ""], to: &output)
            appendDelta("text_delta", "text", text, to: &output)
        case .reasoning(let text):
            openThinking(to: &output)
            appendDelta("thinking_delta", "thinking", text, to: &output)
        case .signature(let signature):
            openThinking(to: &output)
            appendDelta("signature_delta", "signature", signature, to: &output)
            // A seal ends its block: what is thought behind it is sealed anew.
            closeBlock(to: &output)
        case .redacted(let data):
            finishBlocks(to: &output)
            beginBlock(["type": "redacted_thinking", "data": .string(data)], to: &output)
            closeBlock(to: &output)
        case .toolCall(let place, let id, let name, _): begin(Waiting(place: place, id: id, name: name), to: &output)
        case .toolArguments(let place, let text): write(arguments: text, of: place, to: &output)
        case .logprobs: break
        }
    }

    private mutating func openThinking(to output: inout [UInt8]) {
        openBlock(.thinking, ["type": "thinking", "thinking": "", "signature": ""], to: &output)
    }

    private mutating func begin(_ call: Waiting, to output: inout [UInt8]) {
        // An open call without a character may still get some.
        let isWhole = !arguments.isEmpty && ToolCall(id: "", name: "", arguments: arguments).argumentTree != nil
        if case .tool = open, !isWhole || !waiting.isEmpty {
            waiting.append(call)
        } else {
            openCall(call, to: &output)
        }
    }

    private mutating func openCall(_ call: Waiting, to output: inout [UInt8]) {
        closeBlock(to: &output)
        beginBlock(
            ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": [:]],
            to: &output
        )
        open = .tool(call.place)
        arguments = ""
        if !call.arguments.isEmpty { write(arguments: call.arguments, of: call.place, to: &output) }
    }

    private mutating func write(arguments text: String, of place: Int, to output: inout [UInt8]) {
        if open == .tool(place) {
            arguments += text
            appendDelta("input_json_delta", "partial_json", text, to: &output)
        } else if let index = waiting.firstIndex(where: { $0.place == place }) {
            waiting[index].arguments += text
        }
    }

    private mutating func openBlock(_ block: Block, _ content: JSONTree, to output: inout [UInt8]) {
        if open == block { return }
        finishBlocks(to: &output)
        beginBlock(content, to: &output)
        open = block
    }

    private mutating func beginBlock(_ content: JSONTree, to output: inout [UInt8]) {
        index += 1
        open = .text
        let data: JSONTree = ["type": "content_block_start", "index": .number(index), "content_block": content]
        Self.append("content_block_start", data, to: &output)
    }

    private mutating func closeBlock(to output: inout [UInt8]) {
        guard open != nil else { return }
        open = nil
        let data: JSONTree = ["type": "content_block_stop", "index": .number(index)]
        Self.append("content_block_stop", data, to: &output)
    }

    private mutating func finishBlocks(to output: inout [UInt8]) {
        let calls = waiting
        waiting = []
        for call in calls { openCall(call, to: &output) }
        closeBlock(to: &output)
    }

    private func appendDelta(
        _ type: StaticString,
        _ member: StaticString,
        _ text: String,
        to output: inout [UInt8]
    ) {
        output.append(literal: "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":")
        output.append(decimal: index)
        output.append(literal: ",\"delta\":{\"type\":\"")
        output.append(literal: type)
        output.append(literal: "\",\"")
        output.append(literal: member)
        output.append(literal: "\":")
        output.append(json: text)
        output.append(literal: "}}\n\n")
    }
}
