// SPDX-License-Identifier: MIT

/// A whole answer, gathered from its events.
public struct ChatAnswer: Sendable, Hashable {
    /// One of the answers to a request.
    public struct Choice: Sendable, Hashable {
        /// Reasoning, texts, refusals and tool calls in the order in which they came.
        public var parts: [ChatPart] = []
        public var stop: StopReason?
        /// OpenAI's `logprobs`, its lists joined.
        public var logprobs: JSONTree?

        /// The texts, one after another.
        public var text: String { ChatMessage(.assistant, parts).text }
        /// The reasoning, one after another.
        public var reasoning: String {
            parts.reduce(into: "") { text, part in
                if case .reasoning(let piece) = part.content, !piece.isRedacted { text += piece.text }
            }
        }
        /// The refusal, where there is one.
        public var refusal: String? {
            let texts = parts.compactMap { if case .refusal(let text) = $0.content { text } else { nil } }
            return texts.isEmpty ? nil : texts.joined()
        }
        /// The tool calls in order.
        public var toolCalls: [ToolCall] { ChatMessage(.assistant, parts).toolCalls }
    }

    public private(set) var id: String?
    public private(set) var model: String?
    public private(set) var created: Int?
    public private(set) var choices: [Choice] = []
    public private(set) var usage: TokenUsage?
    /// What is wrong with it; the rest is then only a part.
    public private(set) var error: NeutralError?
    /// Whether it came to its end.
    public private(set) var isComplete = false

    /// More choices than these are no answer to any request.
    static let choiceLimit = 128

    /// Creates an answer of which nothing came yet.
    public init() {}

    /// Gathers one event.
    public mutating func take(_ event: ChatEvent) {
        switch event {
        case .start(let id, let model, let created):
            self.id = self.id ?? id
            self.model = self.model ?? model
            self.created = self.created ?? created
        case .delta(let choice, let delta): change(choice) { $0.take(delta) }
        case .stop(let choice, let reason): change(choice) { $0.stop = reason }
        case .usage(let usage): self.usage = usage
        case .error(let error): self.error = error
        case .end: isComplete = true
        }
    }

    private mutating func change(_ index: Int, _ body: (inout Choice) -> Void) {
        guard (0..<Self.choiceLimit).contains(index) else { return }
        while choices.count <= index { choices.append(Choice()) }
        body(&choices[index])
    }

    /// The events that give this answer: how a whole answer takes part in everything that is made for streams.
    public var events: [ChatEvent] {
        var events: [ChatEvent] = [.start(id: id, model: model, created: created)]
        for (index, choice) in choices.enumerated() {
            events += choice.deltas.map { .delta(choice: index, $0) }
            if let stop = choice.stop { events.append(.stop(choice: index, stop)) }
        }
        if let usage { events.append(.usage(usage)) }
        if let error { events.append(.error(error)) } else if isComplete { events.append(.end) }
        return events
    }
}
