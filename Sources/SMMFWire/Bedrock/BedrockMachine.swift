// SPDX-License-Identifier: MIT

/// Understands answers of Bedrock's Converse API. A stream's usage comes behind the reason to stop, and only then is it over.
struct BedrockMachine: AnswerMachine {
    var framing: StreamFraming { .frames }
    /// The place of the call in each block, and whether pieces of its input came.
    private var calls: [Int: (place: Int, hasPieces: Bool)] = [:]
    private var callCount = 0
    private var hasStopped = false
    private var hasUsage = false

    static let errors = ErrorMap([
        ErrorMap.Rule(.quota, text: "too many tokens per day"),
        ErrorMap.Rule(.quota, ["ServiceQuotaExceededException"]),
        ErrorMap.Rule(.rateLimit, ["ThrottlingException", "throttlingException"]),
        ErrorMap.Rule(.denied, ["AccessDeniedException"]),
        ErrorMap.Rule(.badKey, ["UnrecognizedClientException", "InvalidSignatureException"]),
        ErrorMap.Rule(.expiredToken, ["ExpiredTokenException"]),
        ErrorMap.Rule(.notFound, ["ResourceNotFoundException"]),
        ErrorMap.Rule(.overloaded, ["ModelNotReadyException", "ServiceUnavailableException"]),
        ErrorMap.Rule(.overloaded, ["serviceUnavailableException"]),
        ErrorMap.Rule(.contextOverflow, text: "input is too long"),
        ErrorMap.Rule(.badRequest, ["ValidationException", "validationException"]),
        ErrorMap.Rule(.outage, ["ModelTimeoutException", "ModelErrorException", "ModelStreamErrorException"]),
        ErrorMap.Rule(.outage, ["modelStreamErrorException", "internalServerException", "InternalServerException"]),
    ])

    /// An error's class stands in a field of the head, with an address behind it at times.
    static func error(_ words: ErrorWords, head: AnswerHead) -> NeutralError {
        var words = words
        if let type = head.errorType { words.code = String(type.prefix { $0 != ":" }) }
        return errors.error(words, head: head)
    }

    mutating func take(
        _ document: JSONTree,
        _ place: DocumentPlace,
        to events: inout [ChatEvent]
    ) throws(NeutralError) {
        guard case .event(let kind) = place else { return try takeWhole(document, to: &events) }
        let index = document["contentBlockIndex"]?.int ?? 0
        switch kind {
        case "messageStart": events.append(.start(id: nil, model: nil, created: nil))
        case "contentBlockStart":
            guard let tool = document["start"]?["toolUse"] else { return }
            begin(tool, index, to: &events)
        case "contentBlockDelta": extend(document["delta"] ?? [:], index, to: &events)
        case "contentBlockStop": end(index, input: nil, to: &events)
        case "messageStop": try stop(document["stopReason"]?.string ?? "", to: &events)
        case "metadata":
            take(usage: document["usage"], to: &events)
            hasUsage = true
        case "exception": throw Self.error(ErrorWords(document), head: AnswerHead(status: 200))
        default: return
        }
        if hasStopped, hasUsage { events.append(.end) }
    }

    private func add(_ delta: ChatDelta, to events: inout [ChatEvent]) { events.append(.delta(choice: 0, delta)) }

    private mutating func begin(_ tool: JSONTree, _ index: Int, to events: inout [ChatEvent]) {
        calls[index] = (callCount, false)
        let id = tool["toolUseId"]?.string ?? "\(StableID.prefix)\(callCount)"
        add(.toolCall(index: callCount, id: id, name: tool["name"]?.string ?? "", signature: nil), to: &events)
        callCount += 1
    }

    private mutating func extend(_ delta: JSONTree, _ index: Int, to events: inout [ChatEvent]) {
        if let text = delta["text"]?.string, !text.isEmpty { add(.text(text), to: &events) }
        if let piece = delta["toolUse"]?["input"]?.string, !piece.isEmpty, let call = calls[index] {
            calls[index] = (call.place, true)
            add(.toolArguments(index: call.place, piece), to: &events)
        }
        if let reasoning = delta["reasoningContent"] { take(reasoning: reasoning, to: &events) }
    }

    private func take(reasoning: JSONTree, to events: inout [ChatEvent]) {
        if let text = reasoning["text"]?.string, !text.isEmpty { add(.reasoning(text), to: &events) }
        if let seal = reasoning["signature"]?.string { add(.signature(seal), to: &events) }
        if let data = reasoning["redactedContent"]?.string { add(.redacted(data), to: &events) }
    }

    private mutating func end(_ index: Int, input: JSONTree?, to events: inout [ChatEvent]) {
        guard let call = calls.removeValue(forKey: index), !call.hasPieces else { return }
        add(.toolArguments(index: call.place, input?.text ?? "{}"), to: &events)
    }

    private mutating func stop(_ reason: String, to events: inout [ChatEvent]) throws(NeutralError) {
        let stop: StopReason
        switch reason {
        case "tool_use": stop = .toolCalls
        case "max_tokens": stop = .length
        case "stop_sequence": stop = .stopSequence(nil)
        case "guardrail_intervened", "content_filtered": stop = .contentFilter
        case "model_context_window_exceeded": stop = .contextFull
        case "malformed_model_output", "malformed_tool_use":
            throw NeutralError(.outage, "The model failed: \(reason).", status: 200, code: reason)
        default: stop = .end
        }
        hasStopped = true
        events.append(.stop(choice: 0, stop))
    }

    private func take(usage: JSONTree?, to events: inout [ChatEvent]) {
        guard let usage else { return }
        func count(_ key: String) -> Int { max(usage[key]?.int ?? 0, 0) }
        let (read, written) = (count("cacheReadInputTokens"), count("cacheWriteInputTokens"))
        let prompt = count("inputTokens") + read + written
        events.append(
            .usage(TokenUsage(prompt: prompt, completion: count("outputTokens"), cached: read, cacheWritten: written))
        )
    }

    private mutating func takeWhole(_ document: JSONTree, to events: inout [ChatEvent]) throws(NeutralError) {
        guard let content = document["output"]?["message"]?["content"]?.array,
            let reason = document["stopReason"]?.string
        else { throw .unreadable("it has no message") }
        events.append(.start(id: nil, model: nil, created: nil))
        for (index, block) in content.enumerated() {
            if let text = block["text"]?.string, !text.isEmpty { add(.text(text), to: &events) }
            if let reasoning = block["reasoningContent"] {
                take(reasoning: reasoning["reasoningText"] ?? reasoning, to: &events)
            }
            guard let tool = block["toolUse"] else { continue }
            begin(tool, index, to: &events)
            end(index, input: tool["input"], to: &events)
        }
        try stop(reason, to: &events)
        take(usage: document["usage"], to: &events)
        events.append(.end)
    }

    mutating func takeDone(to events: inout [ChatEvent]) throws(NeutralError) { try finish(to: &events) }

    mutating func finish(to events: inout [ChatEvent]) throws(NeutralError) {
        guard hasStopped else { throw .brokenOff("`messageStop` did not come") }
        events.append(.end)
    }

    func error(_ words: ErrorWords, head: AnswerHead) -> NeutralError { Self.error(words, head: head) }
}
