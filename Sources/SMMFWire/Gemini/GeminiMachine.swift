// SPDX-License-Identifier: MIT

/// Understands answers of Gemini's API. Their streams have no mark at the end: a reason to stop for each candidate is it.
struct GeminiMachine: AnswerMachine {
    private struct Candidate: Sendable {
        var calls = 0
        var hasStopped = false
    }

    var framing: StreamFraming { .events }
    private let messages: Int
    private var candidates: [Int: Candidate] = [:]
    private var usage: JSONObject = [:]
    private var hasStarted = false

    init(messages: Int) { self.messages = messages }

    mutating func take(
        _ document: JSONTree,
        _ place: DocumentPlace,
        to events: inout [ChatEvent]
    ) throws(NeutralError) {
        guard document.object != nil else { throw .unreadable("a document of it is no object") }
        if document["error"]?.present != nil {
            throw GeminiWords.read(ErrorWords(document), head: AnswerHead(status: 200))
        }
        if !hasStarted {
            hasStarted = true
            let (id, model) = (document["responseId"]?.string, document["modelVersion"]?.string)
            events.append(.start(id: id, model: model, created: nil))
        }
        for (position, candidate) in (document["candidates"]?.array ?? []).enumerated() {
            let index = candidate["index"]?.int ?? position
            guard (0..<ChatAnswer.choiceLimit).contains(index) else {
                throw .unreadable("a candidate's index is \(index)")
            }
            try take(candidate, index, to: &events)
        }
        if let counters = document["usageMetadata"]?.object {
            for member in counters.members where !member.value.isNull { usage[member.key] = member.value }
            if let usage = GeminiWords.usage(usage) { events.append(.usage(usage)) }
        }
        if let reason = document["promptFeedback"]?["blockReason"]?.string, candidates.isEmpty {
            throw NeutralError(.contentFilter, "The prompt was blocked: \(reason).", status: 200, code: reason)
        }
    }

    private mutating func take(_ tree: JSONTree, _ index: Int, to events: inout [ChatEvent]) throws(NeutralError) {
        var candidate = candidates[index] ?? Candidate()
        defer { candidates[index] = candidate }
        for part in tree["content"]?["parts"]?.array ?? [] {
            if let text = part["text"]?.string, !text.isEmpty {
                let isThought = part["thought"]?.bool ?? false
                events.append(.delta(choice: index, isThought ? .reasoning(text) : .text(text)))
            } else if let call = part["functionCall"], let name = call["name"]?.string {
                let id = call["id"]?.string ?? StableID.toolCall(candidate.calls, messages: messages)
                let seal = part["thoughtSignature"]?.string
                events.append(
                    .delta(choice: index, .toolCall(index: candidate.calls, id: id, name: name, signature: seal))
                )
                let arguments = call["args"]?.present?.text ?? "{}"
                events.append(.delta(choice: index, .toolArguments(index: candidate.calls, arguments)))
                candidate.calls += 1
            }
        }
        guard !candidate.hasStopped, let stop = try GeminiWords.stop(tree["finishReason"]?.string ?? "") else { return }
        candidate.hasStopped = true
        events.append(.stop(choice: index, stop == .end && candidate.calls > 0 ? .toolCalls : stop))
    }

    mutating func takeDone(to events: inout [ChatEvent]) throws(NeutralError) { try finish(to: &events) }

    mutating func finish(to events: inout [ChatEvent]) throws(NeutralError) {
        guard !candidates.isEmpty, candidates.values.allSatisfy(\.hasStopped) else {
            throw .brokenOff("a candidate has no `finishReason`")
        }
        events.append(.end)
    }

    func error(_ words: ErrorWords, head: AnswerHead) -> NeutralError { GeminiWords.read(words, head: head) }
}
