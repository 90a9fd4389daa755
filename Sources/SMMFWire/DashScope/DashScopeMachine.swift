// SPDX-License-Identifier: MIT

/// Understands answers of DashScope's own API. Their streams have no mark at the end: a reason to stop is it.
struct DashScopeMachine: AnswerMachine {
    var framing: StreamFraming { .events }
    private var choices: [Int: OpenAIChoiceState] = [:]
    private var hasStarted = false

    mutating func take(
        _ document: JSONTree,
        _ place: DocumentPlace,
        to events: inout [ChatEvent]
    ) throws(NeutralError) {
        if place == .event("error") || document["code"]?.string.map({ !$0.isEmpty }) ?? false {
            throw DashScopeErrors.map.error(ErrorWords(document), head: AnswerHead(status: 200))
        }
        guard let output = document["output"] else { throw .unreadable("`output` is missing") }
        if !hasStarted {
            hasStarted = true
            events.append(.start(id: document["request_id"]?.string, model: nil, created: nil))
        }
        // Old models answer with a bare text.
        var list = output["choices"]?.array ?? []
        if list.isEmpty, let text = output["text"] {
            list = [["message": ["content": text], "finish_reason": output["finish_reason"] ?? .null]]
        }
        for (position, choice) in list.enumerated() {
            let index = choice["index"]?.int ?? position
            guard (0..<ChatAnswer.choiceLimit).contains(index) else {
                throw .unreadable("a choice's index is \(index)")
            }
            try choices[index, default: OpenAIChoiceState(index: index)].take(choice, to: &events)
        }
        if let usage = document["usage"].flatMap({ TokenUsage($0) }) { events.append(.usage(usage)) }
    }

    mutating func takeDone(to events: inout [ChatEvent]) throws(NeutralError) { try finish(to: &events) }

    mutating func finish(to events: inout [ChatEvent]) throws(NeutralError) {
        guard !choices.isEmpty, choices.values.allSatisfy(\.hasStopped) else {
            throw .brokenOff("a choice has no `finish_reason`")
        }
        events.append(.end)
    }

    func error(_ words: ErrorWords, head: AnswerHead) -> NeutralError { DashScopeErrors.map.error(words, head: head) }
}
