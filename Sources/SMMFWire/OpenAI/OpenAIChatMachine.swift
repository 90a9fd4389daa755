// SPDX-License-Identifier: MIT

/// Understands answers of OpenAI's chat completions, streamed and whole, with the liberties that its imitators take: usage
/// in odd places, tool calls without index, id or type or as one object, contents as lists, errors inside answers.
struct OpenAIChatMachine: AnswerMachine {
    var framing: StreamFraming { .events }
    private let errors: ErrorMap
    private var choices: [Int: OpenAIChoiceState] = [:]
    private var hasStarted = false
    private var usage: TokenUsage?

    init(errors: ErrorMap) { self.errors = errors }

    mutating func take(
        _ document: JSONTree,
        _ place: DocumentPlace,
        to events: inout [ChatEvent]
    ) throws(NeutralError) {
        guard document.object != nil else { throw .unreadable("a document of it is no object") }
        try checkForError(document, place)
        let list = document["choices"]?.array ?? []
        if !hasStarted, !list.isEmpty || place == .whole {
            hasStarted = true
            let id = document["id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            let model = document["model"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            events.append(.start(id: id, model: model, created: document["created"]?.int))
        }
        for (position, choice) in list.enumerated() {
            let index = choice["index"]?.int ?? position
            guard (0..<ChatAnswer.choiceLimit).contains(index) else {
                throw .unreadable("a choice's index is \(index)")
            }
            if let usage = choice["usage"]?.present { take(usage: usage, to: &events) }
            try choices[index, default: OpenAIChoiceState(index: index)].take(choice, to: &events)
        }
        for usage in [document["x_groq"]?["usage"], document["usage"]] {
            if let usage = usage?.present { take(usage: usage, to: &events) }
        }
        if place == .whole {
            guard !list.isEmpty else { throw .unreadable("it has no choices") }
            try takeDone(to: &events)
        }
    }

    private func checkForError(_ document: JSONTree, _ place: DocumentPlace) throws(NeutralError) {
        let code = document["code"]?.int ?? 0
        let inner = document["base_resp"]?["status_code"]?.int ?? 0
        let choices = document["choices"]
        let isError =
            document["error"]?.present != nil || document["object"]?.string == "error" || code != 0 || inner != 0
            || place == .event("error") || choices == nil && document["message"]?.string != nil
        guard isError else { return }
        throw errors.error(ErrorWords(document), head: AnswerHead(status: 200))
    }

    private mutating func take(usage tree: JSONTree, to events: inout [ChatEvent]) {
        guard let new = TokenUsage(tree), new != usage else { return }
        usage = new
        events.append(.usage(new))
    }

    mutating func takeDone(to events: inout [ChatEvent]) throws(NeutralError) {
        guard !choices.isEmpty else { throw .brokenOff("it has no choices") }
        // Some never say why they stopped.
        for index in choices.keys.sorted() { choices[index]?.close(to: &events) }
        events.append(.end)
    }

    mutating func finish(to events: inout [ChatEvent]) throws(NeutralError) {
        guard !choices.isEmpty, choices.values.allSatisfy(\.hasStopped) else {
            throw .brokenOff("neither `[DONE]` nor a finish reason came")
        }
        events.append(.end)
    }

    func error(_ words: ErrorWords, head: AnswerHead) -> NeutralError { errors.error(words, head: head) }
}
