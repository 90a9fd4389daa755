// SPDX-License-Identifier: MIT

/// Writes a stream of Ollama's API, a document on each line; calls of tools whole, before the last document.
struct OllamaStreamWriter: ChatStreamWriter, Sendable {
    var contentType: String { "application/x-ndjson" }
    private let words: OllamaWords
    private var usage = TokenUsage()
    private var gathered = ChatAnswer.Choice()
    private var isOver = false

    init(_ identity: AnswerIdentity, _ kind: OllamaClient.Kind) { words = OllamaWords(identity, kind) }

    mutating func write(_ event: ChatEvent, to output: inout [UInt8]) {
        guard !isOver else { return }
        switch event {
        case .start: return
        case .usage(let usage): self.usage = usage
        case .delta(let choice, let delta): if choice == 0 { write(delta, to: &output) }
        case .stop(let choice, let reason): if choice == 0 { gathered.stop = reason }
        case .error(let error): fail(error, to: &output)
        case .end: end(to: &output)
        }
    }

    private mutating func write(_ delta: ChatDelta, to output: inout [UInt8]) {
        switch delta {
        case .text(let text), .refusal(let text): append(words.body(text: text), to: &output)
        case .reasoning(let text): append(words.body(text: "", thinking: text), to: &output)
        case .toolCall, .toolArguments: gathered.take(delta)
        case .signature, .redacted, .logprobs: return
        }
    }

    private mutating func end(to output: inout [UInt8]) {
        do throws(NeutralError) {
            let calls = try OllamaWords.calls(gathered)
            if !calls.isEmpty { append(words.body(text: "", calls: calls), to: &output) }
            append(words.last(words.body(text: ""), gathered.stop ?? .end, usage), to: &output)
            isOver = true
        } catch {
            fail(error, to: &output)
        }
    }

    private mutating func fail(_ error: NeutralError, to output: inout [UInt8]) {
        isOver = true
        append(["error": .string(error.clientText)], to: &output)
    }

    private func append(_ document: JSONTree, to output: inout [UInt8]) {
        document.append(to: &output)
        output.append(ASCII.lineFeed)
    }
}
