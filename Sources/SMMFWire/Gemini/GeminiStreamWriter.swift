// SPDX-License-Identifier: MIT

/// Writes a stream of Gemini's API, as events or as one array that grows. Calls of tools are sent whole, at the end of their
/// choice; what says why it ended comes with the usage, at the end of all.
struct GeminiStreamWriter: ChatStreamWriter, Sendable {
    var contentType: String { form == .array ? "application/json; charset=utf-8" : "text/event-stream; charset=utf-8" }
    private var identity: AnswerIdentity
    private let form: StreamForm
    private var usage = TokenUsage()
    private var calls: [Int: ChatAnswer.Choice] = [:]
    private var stops: [(choice: Int, reason: StopReason)] = []
    private var isFirst = true
    private var isOver = false

    init(_ identity: AnswerIdentity, form: StreamForm) {
        self.identity = identity
        self.form = form
    }

    mutating func write(_ event: ChatEvent, to output: inout [UInt8]) {
        guard !isOver else { return }
        switch event {
        case .start(let id, _, _): if let id, isFirst { identity.id = id }
        case .usage(let usage): self.usage = usage
        case .delta(let choice, let delta): write(delta, of: choice, to: &output)
        case .stop(let choice, let reason):
            stops.append((choice, reason))
            writeCalls(of: choice, reason, to: &output)
        case .error(let error): fail(error, to: &output)
        case .end:
            if stops.isEmpty { stops.append((0, .end)) }
            for (choice, reason) in stops {
                let candidate: JSONTree = [
                    "content": ["parts": [["text": ""]], "role": "model"],
                    "finishReason": .string(GeminiWords.reason(reason)), "index": .number(choice),
                ]
                append(candidate, usage: usage, to: &output)
            }
            if form == .array { output.append(literal: "\n]\n") }
            isOver = true
        }
    }

    private mutating func write(_ delta: ChatDelta, of choice: Int, to output: inout [UInt8]) {
        switch delta {
        case .text(let text), .refusal(let text): append(part: ["text": .string(text)], choice, to: &output)
        case .reasoning(let text): append(part: ["text": .string(text), "thought": true], choice, to: &output)
        case .toolCall, .toolArguments: calls[choice, default: ChatAnswer.Choice()].take(delta)
        case .signature, .redacted, .logprobs: break
        }
    }

    private mutating func writeCalls(of choice: Int, _ reason: StopReason, to output: inout [UInt8]) {
        guard let gathered = calls.removeValue(forKey: choice) else { return }
        do throws(NeutralError) {
            for part in gathered.parts {
                if let part = try GeminiContents.part(part, stop: reason) { append(part: part, choice, to: &output) }
            }
        } catch {
            fail(error, to: &output)
        }
    }

    private mutating func fail(_ error: NeutralError, to output: inout [UInt8]) {
        guard !isOver else { return }
        isOver = true
        append(document: GeminiWords.error(error), to: &output)
        if form == .array { output.append(literal: "\n]\n") }
    }

    private mutating func append(part: JSONTree, _ choice: Int, to output: inout [UInt8]) {
        append(["content": ["parts": [part], "role": "model"], "index": .number(choice)], usage: nil, to: &output)
    }

    private mutating func append(_ candidate: JSONTree, usage: TokenUsage?, to output: inout [UInt8]) {
        var tree: JSONTree = ["candidates": [candidate]]
        if let usage { tree["usageMetadata"] = GeminiWords.usage(usage) }
        tree["modelVersion"] = .string(identity.model)
        tree["responseId"] = .string(identity.id)
        append(document: tree, to: &output)
    }

    private mutating func append(document: JSONTree, to output: inout [UInt8]) {
        if form == .array { output.append(literal: isFirst ? "[" : "\n,\n") } else { output.append(literal: "data: ") }
        isFirst = false
        document.append(to: &output)
        if form != .array { output.append(literal: "\n\n") }
    }
}
