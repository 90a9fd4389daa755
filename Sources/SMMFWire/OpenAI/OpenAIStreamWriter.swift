// SPDX-License-Identifier: MIT

/// Writes a stream of chat completion chunks.
struct OpenAIStreamWriter: ChatStreamWriter, Sendable {
    var contentType: String { "text/event-stream; charset=utf-8" }
    private var identity: AnswerIdentity
    private let includesUsage: Bool
    private var usage: TokenUsage?
    /// What each chunk begins with, up to its choices; made once.
    private var opening: [UInt8] = []
    /// The choices whose role was said.
    private var begun: Set<Int> = []
    private var isOver = false

    init(_ identity: AnswerIdentity, includesUsage: Bool) {
        self.identity = identity
        self.includesUsage = includesUsage
    }

    mutating func write(_ event: ChatEvent, to output: inout [UInt8]) {
        guard !isOver else { return }
        switch event {
        case .start(let id, _, _): if let id, opening.isEmpty { identity.id = id }
        case .usage(let usage): self.usage = usage
        case .delta(let choice, let delta): write(delta, of: choice, to: &output)
        case .stop(let choice, let reason):
            beginChoice(choice, to: &output)
            output.append(literal: "{},\"logprobs\":null,\"finish_reason\":")
            output.append(json: reason.finishReason.word)
            endChunk(to: &output)
        case .error(let error):
            isOver = true
            output.append(literal: "data: ")
            ErrorEnvelope(error).append(to: &output)
            output.append(literal: "\n\n")
        case .end:
            isOver = true
            if includesUsage {
                begin(to: &output)
                output.append(literal: "[],\"usage\":")
                (usage ?? TokenUsage()).openAI.append(to: &output)
                output.append(literal: "}\n\n")
            }
            output.append(literal: "data: [DONE]\n\n")
        }
    }

    private mutating func begin(to output: inout [UInt8]) {
        if opening.isEmpty {
            opening.append(literal: "data: {\"id\":")
            opening.append(json: identity.id)
            opening.append(literal: ",\"object\":\"chat.completion.chunk\",\"created\":")
            opening.append(decimal: identity.created)
            opening.append(literal: ",\"model\":")
            opening.append(json: identity.model)
            opening.append(literal: ",\"choices\":")
        }
        output.append(contentsOf: opening)
    }

    private mutating func beginChoice(_ choice: Int, to output: inout [UInt8]) {
        begin(to: &output)
        output.append(literal: "[{\"index\":")
        output.append(decimal: choice)
        output.append(literal: ",\"delta\":")
    }

    private func endChunk(to output: inout [UInt8]) {
        output.append(literal: includesUsage ? "}],\"usage\":null}\n\n" : "}]}\n\n")
    }

    private mutating func write(_ delta: ChatDelta, of choice: Int, to output: inout [UInt8]) {
        if case .logprobs(let logprobs) = delta {
            beginChoice(choice, to: &output)
            output.append(literal: "{},\"logprobs\":")
            logprobs.append(to: &output)
            output.append(literal: ",\"finish_reason\":null")
            return endChunk(to: &output)
        }
        beginChoice(choice, to: &output)
        output.append(literal: "{")
        if begun.insert(choice).inserted {
            output.append(literal: "\"role\":\"assistant\",")
            if case .toolCall = delta { output.append(literal: "\"content\":null,") }
        }
        append(delta, to: &output)
        output.append(literal: "},\"logprobs\":null,\"finish_reason\":null")
        endChunk(to: &output)
    }

    private func append(_ delta: ChatDelta, to output: inout [UInt8]) {
        switch delta {
        case .text(let text):
            output.append(literal: "\"content\":")
            output.append(json: text)
        case .reasoning(let text):
            output.append(literal: "\"reasoning_content\":")
            output.append(json: text)
        case .refusal(let text):
            output.append(literal: "\"refusal\":")
            output.append(json: text)
        case .signature(let signature): append([ChatReasoning("", signature: signature)], to: &output)
        case .redacted(let data): append([ChatReasoning(data, isRedacted: true)], to: &output)
        case .toolCall(let index, let id, let name, let signature):
            output.append(literal: "\"tool_calls\":[{\"index\":")
            output.append(decimal: index)
            output.append(literal: ",\"id\":")
            output.append(json: id)
            output.append(literal: ",\"type\":\"function\",\"function\":{\"name\":")
            output.append(json: name)
            output.append(literal: ",\"arguments\":\"\"}")
            if let signature {
                output.append(literal: ",\"extra_content\":{\"google\":{\"thought_signature\":")
                output.append(json: signature)
                output.append(literal: "}}")
            }
            output.append(literal: "}]")
        case .toolArguments(let index, let text):
            output.append(literal: "\"tool_calls\":[{\"index\":")
            output.append(decimal: index)
            output.append(literal: ",\"function\":{\"arguments\":")
            output.append(json: text)
            output.append(literal: "}}]")
        case .logprobs: break
        }
    }

    private func append(_ blocks: [ChatReasoning], to output: inout [UInt8]) {
        output.append(literal: "\"thinking_blocks\":")
        JSONTree.array(blocks.map(\.block)).append(to: &output)
    }
}
