// SPDX-License-Identifier: MIT

/// Understands the messages of Spark's web socket. A code that is not zero is an error, whatever else the message says.
struct SparkMachine: AnswerMachine {
    var framing: StreamFraming { .lines }
    private let messages: Int
    private var hasStarted = false
    private var hasCall = false

    init(messages: Int) { self.messages = messages }

    mutating func take(
        _ document: JSONTree,
        _ place: DocumentPlace,
        to events: inout [ChatEvent]
    ) throws(NeutralError) {
        guard let header = document["header"] else { throw .unreadable("`header` is missing") }
        guard header["code"]?.int == 0 else {
            throw SparkErrors.map.error(ErrorWords(header), head: AnswerHead(status: 200))
        }
        if !hasStarted {
            hasStarted = true
            events.append(.start(id: header["sid"]?.string, model: nil, created: nil))
        }
        let choices = document["payload"]?["choices"] ?? [:]
        for item in choices["text"]?.array ?? [] {
            if let text = item["reasoning_content"]?.string, !text.isEmpty {
                events.append(.delta(choice: 0, .reasoning(text)))
            }
            if let text = item["content"]?.string, !text.isEmpty { events.append(.delta(choice: 0, .text(text))) }
            guard let call = item["function_call"]?.present, let name = call["name"]?.string, !hasCall else { continue }
            hasCall = true
            let id = StableID.toolCall(0, messages: messages)
            events.append(.delta(choice: 0, .toolCall(index: 0, id: id, name: name, signature: nil)))
            events.append(.delta(choice: 0, .toolArguments(index: 0, call["arguments"]?.string ?? "{}")))
        }
        guard (choices["status"] ?? header["status"])?.int == 2 else { return }
        if let usage = document["payload"]?["usage"]?["text"].flatMap({ TokenUsage($0) }) {
            events.append(.usage(usage))
        }
        events.append(.stop(choice: 0, hasCall ? .toolCalls : .end))
        events.append(.end)
    }

    mutating func takeDone(to events: inout [ChatEvent]) throws(NeutralError) { try finish(to: &events) }

    mutating func finish(to events: inout [ChatEvent]) throws(NeutralError) {
        throw .brokenOff("the message with status 2 did not come")
    }

    func error(_ words: ErrorWords, head: AnswerHead) -> NeutralError { SparkErrors.map.error(words, head: head) }
}
