// SPDX-License-Identifier: MIT

/// Follows one choice of a chat completion.
struct OpenAIChoiceState: Sendable {
    private let index: Int
    private(set) var hasStopped = false
    private var calls = ToolCallTracker()

    init(index: Int) { self.index = index }

    /// Takes the choice's part of a chunk, or the whole choice.
    mutating func take(_ choice: JSONTree, to events: inout [ChatEvent]) throws(NeutralError) {
        let body = choice["delta"]?.present ?? choice["message"]?.present ?? [:]
        // Spark tells what it found in the web in this role.
        if body["role"]?.string != "tool" {
            take(body: body, to: &events)
            if let logprobs = choice["logprobs"]?.present { add(.logprobs(logprobs), to: &events) }
        }
        let (reason, isFailure) = StopReason.read(choice["finish_reason"]?.string)
        if isFailure {
            throw NeutralError(.outage, "The provider gave up: \(choice["finish_reason"]?.string ?? "").", status: 200)
        }
        if let reason { close(reason, to: &events) }
    }

    private func add(_ delta: ChatDelta, to events: inout [ChatEvent]) {
        events.append(.delta(choice: index, delta))
    }

    private mutating func take(body: JSONTree, to events: inout [ChatEvent]) {
        let reasoning = body["reasoning_content"]?.string ?? body["reasoning"]?.string ?? ""
        if !reasoning.isEmpty { add(.reasoning(reasoning), to: &events) }
        for block in body["thinking_blocks"]?.array ?? [] {
            if let data = block["data"]?.string { add(.redacted(data), to: &events) }
            if let signature = block["signature"]?.string { add(.signature(signature), to: &events) }
        }
        take(content: body["content"] ?? .null, to: &events)
        if let text = body["refusal"]?.string, !text.isEmpty { add(.refusal(text), to: &events) }
        switch body["tool_calls"] {
        case .array(let list): for (position, call) in list.enumerated() { take(call: call, position, to: &events) }
        case .object(let call): take(call: .object(call), 0, to: &events)
        default: break
        }
        if let call = body["function_call"]?.present { take(call: ["function": call], 0, to: &events) }
    }

    private func take(content: JSONTree, to events: inout [ChatEvent]) {
        if let text = content.string, !text.isEmpty { add(.text(text), to: &events) }
        // Mistral's reasoning models send lists of pieces.
        for piece in content.array ?? [] {
            if let text = piece["text"]?.string, !text.isEmpty { add(.text(text), to: &events) }
            for thought in piece["thinking"]?.array ?? [] {
                if let text = thought["text"]?.string, !text.isEmpty { add(.reasoning(text), to: &events) }
            }
        }
    }

    private mutating func take(call: JSONTree, _ position: Int, to events: inout [ChatEvent]) {
        let function = call["function"] ?? [:]
        // Mistral leaves the index out and sends calls whole, so that each name begins a new one.
        let name = function["name"]?.string ?? ""
        let key: Int
        if let index = call["index"]?.int {
            key = index
        } else {
            key = name.isEmpty ? calls.lastKey ?? position : calls.freeKey
        }
        let piece = ToolCallTracker.Piece(
            id: call["id"]?.string ?? "",
            name: name,
            arguments: function["arguments"]?.string ?? function["arguments"]?.present?.text ?? "",
            signature: call["extra_content"]?["google"]?["thought_signature"]?.string
        )
        for delta in calls.take(piece, key: key, fallback: "call_\(index)_\(calls.count)") { add(delta, to: &events) }
    }

    /// The choice is complete, whether it says so or not.
    mutating func close(_ reason: StopReason = .end, to events: inout [ChatEvent]) {
        guard !hasStopped else { return }
        hasStopped = true
        // Some say `stop` behind tool calls.
        events.append(.stop(choice: index, reason == .end && calls.count > 0 ? .toolCalls : reason))
    }
}
