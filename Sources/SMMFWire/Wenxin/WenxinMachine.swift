// SPDX-License-Identifier: MIT

/// Understands answers of Baidu's Wenxin. Errors come with status 200, also to those who asked for a stream.
struct WenxinMachine: AnswerMachine {
    var framing: StreamFraming { .events }
    private let messages: Int
    private var hasStarted = false
    private var hasCall = false

    init(messages: Int) { self.messages = messages }

    /// What the codes mean.
    static let errors = ErrorMap([
        ErrorMap.Rule(.expiredToken, ["110", "111"]),
        ErrorMap.Rule(.badKey, ["13", "14", "100"]),
        ErrorMap.Rule(.denied, ["6", "336004"]),
        ErrorMap.Rule(.notFound, ["3", "336005"]),
        ErrorMap.Rule(.rateLimit, ["4", "18", "336501", "336502"]),
        ErrorMap.Rule(.quota, ["17", "19"]),
        ErrorMap.Rule(.overloaded, ["2", "336100"]),
        ErrorMap.Rule(.outage, ["1", "15", "336000"]),
        ErrorMap.Rule(.contextOverflow, ["336006", "336007", "336008", "336103"]),
        ErrorMap.Rule(.badRequest, ["336001", "336002", "336003", "336101", "336104", "336105"]),
    ])

    mutating func take(
        _ document: JSONTree,
        _ place: DocumentPlace,
        to events: inout [ChatEvent]
    ) throws(NeutralError) {
        if let code = document["error_code"]?.int, code != 0 {
            throw Self.errors.error(ErrorWords(document), head: AnswerHead(status: 200))
        }
        guard document["result"] != nil || document["function_call"] != nil else {
            throw .unreadable("`result` is missing")
        }
        if !hasStarted {
            hasStarted = true
            events.append(.start(id: document["id"]?.string, model: nil, created: document["created"]?.int))
        }
        if let text = document["result"]?.string, !text.isEmpty { events.append(.delta(choice: 0, .text(text))) }
        if let call = document["function_call"]?.present, let name = call["name"]?.string, !hasCall {
            hasCall = true
            let id = StableID.toolCall(0, messages: messages)
            events.append(.delta(choice: 0, .toolCall(index: 0, id: id, name: name, signature: nil)))
            events.append(.delta(choice: 0, .toolArguments(index: 0, call["arguments"]?.string ?? "{}")))
        }
        guard place == .whole || document["is_end"]?.bool == true else { return }
        // What counts the answer's tokens differs between models; the total does not.
        if let usage = document["usage"], let prompt = usage["prompt_tokens"]?.int,
            let total = usage["total_tokens"]?.int
        {
            events.append(.usage(TokenUsage(prompt: max(prompt, 0), completion: max(total - prompt, 0))))
        }
        let isFiltered = document["need_clear_history"]?.bool == true
        let reason = StopReason.read(document["finish_reason"]?.string).reason ?? .end
        let isCut = document["is_truncated"]?.bool == true
        events.append(.stop(choice: 0, isFiltered ? .contentFilter : hasCall ? .toolCalls : isCut ? .length : reason))
        events.append(.end)
    }

    mutating func takeDone(to events: inout [ChatEvent]) throws(NeutralError) { try finish(to: &events) }

    mutating func finish(to events: inout [ChatEvent]) throws(NeutralError) {
        throw .brokenOff("`is_end` did not come")
    }

    func error(_ words: ErrorWords, head: AnswerHead) -> NeutralError { Self.errors.error(words, head: head) }
}
