// SPDX-License-Identifier: MIT

/// Understands answers of Ollama's `/api/chat`, streamed and whole.
struct OllamaMachine: AnswerMachine {
    var framing: StreamFraming { .lines }
    private let messages: Int
    private var calls = 0
    private var hasStarted = false

    init(messages: Int) { self.messages = messages }

    /// The cloud counts what is used in a week; all else is told by its status.
    static let errors = ErrorMap([
        ErrorMap.Rule(.quota, text: "usage limit"), ErrorMap.Rule(.overloaded, text: "server busy"),
        ErrorMap.Rule(.notFound, text: "not found"),
    ])

    mutating func take(
        _ document: JSONTree,
        _ place: DocumentPlace,
        to events: inout [ChatEvent]
    ) throws(NeutralError) {
        guard document.object != nil else { throw .unreadable("a document of it is no object") }
        if document["error"]?.present != nil {
            throw Self.errors.error(ErrorWords(document), head: AnswerHead(status: 200))
        }
        if !hasStarted {
            hasStarted = true
            events.append(.start(id: nil, model: document["model"]?.string, created: nil))
        }
        let message = document["message"] ?? [:]
        if let text = message["thinking"]?.string, !text.isEmpty { events.append(.delta(choice: 0, .reasoning(text))) }
        if let text = message["content"]?.string, !text.isEmpty { events.append(.delta(choice: 0, .text(text))) }
        for call in message["tool_calls"]?.array ?? [] { take(call: call, to: &events) }
        guard document["done"]?.bool == true else {
            if place == .whole { throw .brokenOff("`done` is not true") }
            return
        }
        let isLength = document["done_reason"]?.string == "length"
        events.append(.stop(choice: 0, isLength ? .length : calls > 0 ? .toolCalls : .end))
        let prompt = max(document["prompt_eval_count"]?.int ?? 0, 0)
        events.append(.usage(TokenUsage(prompt: prompt, completion: max(document["eval_count"]?.int ?? 0, 0))))
        events.append(.end)
    }

    private mutating func take(call: JSONTree, to events: inout [ChatEvent]) {
        guard let name = call["function"]?["name"]?.string else { return }
        let id = call["id"]?.string ?? StableID.toolCall(calls, messages: messages)
        events.append(.delta(choice: 0, .toolCall(index: calls, id: id, name: name, signature: nil)))
        let arguments = call["function"]?["arguments"]?.present
        events.append(.delta(choice: 0, .toolArguments(index: calls, arguments?.string ?? arguments?.text ?? "{}")))
        calls += 1
    }

    mutating func takeDone(to events: inout [ChatEvent]) throws(NeutralError) { try finish(to: &events) }

    mutating func finish(to events: inout [ChatEvent]) throws(NeutralError) {
        throw .brokenOff("no document says that it is done")
    }

    func error(_ words: ErrorWords, head: AnswerHead) -> NeutralError { Self.errors.error(words, head: head) }
}
