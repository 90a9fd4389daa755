// SPDX-License-Identifier: MIT

/// Understands answers of Anthropic's Messages API, streamed and whole.
struct AnthropicMachine: AnswerMachine {
    var framing: StreamFraming { .events }
    /// What each block that calls a tool is: its place among the calls, its input where that came at once, and whether
    /// pieces of it came.
    private var calls: [Int: (place: Int, input: String, hasPieces: Bool)] = [:]
    private var callCount = 0
    private var usage: JSONObject = [:]
    private var hasStopped = false

    mutating func take(
        _ document: JSONTree,
        _ place: DocumentPlace,
        to events: inout [ChatEvent]
    ) throws(NeutralError) {
        switch document["type"]?.string {
        case "message_start":
            let message = document["message"] ?? [:]
            events.append(.start(id: message["id"]?.string, model: message["model"]?.string, created: nil))
            merge(message["usage"], to: &events)
        case "content_block_start":
            begin(document["content_block"] ?? [:], document["index"]?.int ?? 0, to: &events)
        case "content_block_delta": extend(document["delta"] ?? [:], document["index"]?.int ?? 0, to: &events)
        case "content_block_stop": end(document["index"]?.int ?? 0, to: &events)
        case "message_delta":
            merge(document["usage"], to: &events)
            stop(document["delta"] ?? [:], to: &events)
        case "message_stop": try takeDone(to: &events)
        case "message": try takeWhole(document, to: &events)
        case "error": throw AnthropicWords.errors.error(ErrorWords(document), head: AnswerHead(status: 200))
        default:
            if document["error"]?.present != nil {
                throw AnthropicWords.errors.error(ErrorWords(document), head: AnswerHead(status: 200))
            }
            if place == .whole { throw .unreadable("it is no message") }
        }
    }

    private func add(_ delta: ChatDelta, to events: inout [ChatEvent]) { events.append(.delta(choice: 0, delta)) }

    private mutating func begin(_ block: JSONTree, _ index: Int, to events: inout [ChatEvent]) {
        switch block["type"]?.string {
        case "text": if let text = block["text"]?.string, !text.isEmpty { add(.text(text), to: &events) }
        case "thinking":
            if let text = block["thinking"]?.string, !text.isEmpty { add(.reasoning(text), to: &events) }
            if let seal = block["signature"]?.string, !seal.isEmpty { add(.signature(seal), to: &events) }
        case "redacted_thinking": add(.redacted(block["data"]?.string ?? ""), to: &events)
        case "tool_use":
            let input = block["input"]?.object.flatMap { $0.isEmpty ? nil : JSONTree.object($0).text } ?? ""
            calls[index] = (callCount, input, false)
            let id = block["id"]?.string ?? "\(StableID.prefix)\(callCount)"
            add(.toolCall(index: callCount, id: id, name: block["name"]?.string ?? "", signature: nil), to: &events)
            callCount += 1
        default: break
        }
    }

    private mutating func extend(_ delta: JSONTree, _ index: Int, to events: inout [ChatEvent]) {
        switch delta["type"]?.string {
        case "text_delta": if let text = delta["text"]?.string, !text.isEmpty { add(.text(text), to: &events) }
        case "thinking_delta":
            if let text = delta["thinking"]?.string, !text.isEmpty { add(.reasoning(text), to: &events) }
        case "signature_delta":
            if let seal = delta["signature"]?.string, !seal.isEmpty { add(.signature(seal), to: &events) }
        case "input_json_delta":
            guard let text = delta["partial_json"]?.string, !text.isEmpty, let call = calls[index] else { return }
            calls[index] = (call.place, call.input, true)
            add(.toolArguments(index: call.place, text), to: &events)
        default: break
        }
    }

    private mutating func end(_ index: Int, to events: inout [ChatEvent]) {
        guard let call = calls.removeValue(forKey: index), !call.hasPieces else { return }
        // A tool that takes nothing has no pieces, or one without a character.
        add(.toolArguments(index: call.place, call.input.isEmpty ? "{}" : call.input), to: &events)
    }

    private mutating func merge(_ new: JSONTree?, to events: inout [ChatEvent]) {
        guard let new = new?.object else { return }
        for member in new.members where !member.value.isNull { usage[member.key] = member.value }
        if let usage = TokenUsage(.object(usage)) { events.append(.usage(usage)) }
    }

    private mutating func stop(_ delta: JSONTree, to events: inout [ChatEvent]) {
        guard !hasStopped, let reason = delta["stop_reason"]?.string else { return }
        hasStopped = true
        if let words = delta["stop_details"]?["explanation"]?.string { add(.refusal(words), to: &events) }
        let stop = AnthropicWords.stop(reason, sequence: delta["stop_sequence"]?.string)
        events.append(.stop(choice: 0, stop))
    }

    private mutating func takeWhole(_ document: JSONTree, to events: inout [ChatEvent]) throws(NeutralError) {
        events.append(.start(id: document["id"]?.string, model: document["model"]?.string, created: nil))
        for (index, block) in (document["content"]?.array ?? []).enumerated() {
            begin(block, index, to: &events)
            end(index, to: &events)
        }
        merge(document["usage"], to: &events)
        stop(document, to: &events)
        try takeDone(to: &events)
    }

    mutating func takeDone(to events: inout [ChatEvent]) throws(NeutralError) {
        if !hasStopped { events.append(.stop(choice: 0, callCount > 0 ? .toolCalls : .end)) }
        hasStopped = true
        events.append(.end)
    }

    mutating func finish(to events: inout [ChatEvent]) throws(NeutralError) {
        throw .brokenOff("`message_stop` did not come")
    }

    func error(_ words: ErrorWords, head: AnswerHead) -> NeutralError { AnthropicWords.errors.error(words, head: head) }
}
