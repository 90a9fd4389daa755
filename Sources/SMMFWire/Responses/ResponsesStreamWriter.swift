// SPDX-License-Identifier: MIT

/// Writes the events of OpenAI's Responses API: each item of the output is added, extended and done; a text or reasoning is
/// done before the next item begins, and calls of tools, which may come interleaved, when the model stops.
struct ResponsesStreamWriter: ChatStreamWriter, Sendable {
    private enum Open: Sendable, Hashable { case text, refusal, reasoning }

    var contentType: String { "text/event-stream; charset=utf-8" }
    private let words: ResponsesWords
    private var sequence = 0
    private var hasBegun = false
    private var isOver = false
    private var usage = TokenUsage()
    private var stop = StopReason.end
    /// The items so far; those on their way stand as they were added.
    private var output: [JSONTree] = []
    private var open: Open?
    private var place = 0
    private var text = ""
    private var signature: String?
    /// The calls on their way, by their place among the calls.
    private var calls: [Int: (place: Int, call: ToolCall)] = [:]

    init(_ words: ResponsesWords) { self.words = words }

    mutating func write(_ event: ChatEvent, to bytes: inout [UInt8]) {
        guard !isOver else { return }
        switch event {
        case .start: begin(&bytes)
        case .usage(let usage): self.usage = usage
        case .delta(let choice, let delta):
            guard choice == 0 else { return }
            begin(&bytes)
            write(delta, &bytes)
        case .stop(let choice, let reason): if choice == 0 { stop = reason }
        case .error(let error): fail(error, &bytes)
        case .end:
            begin(&bytes)
            close(&bytes)
            closeCalls(&bytes)
            isOver = true
            let response = words.response(output, stop: stop, usage: usage)
            let isWhole = response["status"] == "completed"
            append(isWhole ? "response.completed" : "response.incomplete", ["response": response], &bytes)
        }
    }

    private mutating func append(_ type: String, _ members: JSONTree, _ bytes: inout [UInt8]) {
        var tree: JSONTree = ["type": .string(type), "sequence_number": .number(sequence)]
        sequence += 1
        for member in members.object?.members ?? [] { tree[member.key] = member.value }
        bytes.append(literal: "event: ")
        bytes.append(contentsOf: type.utf8)
        bytes.append(literal: "\ndata: ")
        tree.append(to: &bytes)
        bytes.append(literal: "\n\n")
    }

    private mutating func begin(_ bytes: inout [UInt8]) {
        guard !hasBegun else { return }
        hasBegun = true
        let response = words.response([], status: "in_progress")
        append("response.created", ["response": response], &bytes)
        append("response.in_progress", ["response": response], &bytes)
    }

    private mutating func fail(_ error: NeutralError, _ bytes: inout [UInt8]) {
        isOver = true
        let envelope = ErrorEnvelope(error)
        if hasBegun {
            let response = words.response(output, status: "failed", error: envelope)
            append("response.failed", ["response": response], &bytes)
        } else {
            append(
                "error",
                [
                    "code": .string(envelope.code ?? "server_error"), "message": .string(envelope.message),
                    "param": envelope.param.map(JSONTree.string) ?? .null,
                ],
                &bytes
            )
        }
    }

    private mutating func write(_ delta: ChatDelta, _ bytes: inout [UInt8]) {
        switch delta {
        case .text(let text): extend(.text, text, &bytes)
        case .refusal(let text): extend(.refusal, text, &bytes)
        case .reasoning(let text): extend(.reasoning, text, &bytes)
        case .signature(let seal):
            openItem(.reasoning, &bytes)
            signature = seal
            close(&bytes)
        case .redacted(let data):
            close(&bytes)
            let item = words.reasoning(output.count, ChatReasoning(data, isRedacted: true))
            let index = JSONTree.number(output.count)
            append("response.output_item.added", ["output_index": index, "item": item], &bytes)
            append("response.output_item.done", ["output_index": index, "item": item], &bytes)
            output.append(item)
        case .toolCall(let index, let id, let name, _):
            close(&bytes)
            let call = ToolCall(id: id, name: name, arguments: "")
            calls[index] = (output.count, call)
            add(words.call(output.count, call, status: "in_progress"), &bytes)
        case .toolArguments(let index, let text):
            guard let entry = calls[index] else { return }
            calls[index]?.call.arguments += text
            append(
                "response.function_call_arguments.delta",
                [
                    "item_id": .string(words.item("fc", entry.place)), "output_index": .number(entry.place),
                    "delta": .string(text),
                ],
                &bytes
            )
        case .logprobs: break
        }
    }

    private mutating func add(_ item: JSONTree, _ bytes: inout [UInt8]) {
        append("response.output_item.added", ["output_index": .number(output.count), "item": item], &bytes)
        output.append(item)
    }

    /// The members that name the open item's part.
    private func part(_ more: JSONTree) -> JSONTree {
        let isReasoning = open == .reasoning
        var tree: JSONTree = [
            "item_id": .string(words.item(isReasoning ? "rs" : "msg", place)), "output_index": .number(place),
        ]
        tree[isReasoning ? "summary_index" : "content_index"] = 0
        for member in more.object?.members ?? [] { tree[member.key] = member.value }
        return tree
    }

    /// The open item's part with a text.
    private func content(_ text: String) -> JSONTree {
        switch open {
        case .refusal: words.refusal(text)
        case .reasoning: ["type": "summary_text", "text": .string(text)]
        case .text, nil: words.text(text)
        }
    }

    private mutating func openItem(_ kind: Open, _ bytes: inout [UInt8]) {
        if open == kind { return }
        close(&bytes)
        place = output.count
        open = kind
        add(
            kind == .reasoning
                ? words.reasoning(place, ChatReasoning("")) : words.message(place, [], status: "in_progress"),
            &bytes
        )
        let name = kind == .reasoning ? "response.reasoning_summary_part.added" : "response.content_part.added"
        append(name, part(["part": content("")]), &bytes)
    }

    private mutating func extend(_ kind: Open, _ piece: String, _ bytes: inout [UInt8]) {
        openItem(kind, &bytes)
        text += piece
        var delta: JSONTree = ["delta": .string(piece)]
        if kind == .text { delta["logprobs"] = [] }
        append("\(Self.family(kind)).delta", part(delta), &bytes)
    }

    private static func family(_ kind: Open) -> String {
        switch kind {
        case .text: "response.output_text"
        case .refusal: "response.refusal"
        case .reasoning: "response.reasoning_summary_text"
        }
    }

    private mutating func close(_ bytes: inout [UInt8]) {
        guard let kind = open else { return }
        var done: JSONTree = [kind == .refusal ? "refusal" : "text": .string(text)]
        if kind == .text { done["logprobs"] = [] }
        append("\(Self.family(kind)).done", part(done), &bytes)
        let name = kind == .reasoning ? "response.reasoning_summary_part.done" : "response.content_part.done"
        append(name, part(["part": content(text)]), &bytes)
        let item =
            kind == .reasoning
            ? words.reasoning(place, ChatReasoning(text, signature: signature))
            : words.message(place, [content(text)], status: "completed")
        append("response.output_item.done", ["output_index": .number(place), "item": item], &bytes)
        output[place] = item
        (open, text, signature) = (nil, "", nil)
    }

    private mutating func closeCalls(_ bytes: inout [UInt8]) {
        for (place, call) in calls.values.sorted(by: { $0.place < $1.place }) {
            append(
                "response.function_call_arguments.done",
                [
                    "item_id": .string(words.item("fc", place)), "output_index": .number(place),
                    "arguments": .string(call.arguments),
                ],
                &bytes
            )
            output[place] = words.call(place, call, status: "completed")
            append("response.output_item.done", ["output_index": .number(place), "item": output[place]], &bytes)
        }
        calls = [:]
    }
}
