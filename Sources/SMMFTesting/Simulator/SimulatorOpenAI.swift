// SPDX-License-Identifier: MIT

/// OpenAI's shapes with the liberties that engines take with them.
struct SimulatorOpenAI: Sendable {
    /// Where a chat's stream tells the role.
    enum Role: Sendable { case nowhere, ownChunk, firstToken, everyChunk }

    var role = Role.ownChunk
    /// `system_fingerprint`, where the engine has one.
    var fingerprint: String?
    /// Whether answers have an id; an engine without one sends an empty text.
    var hasID = true
    /// Whether the last chunk has llama.cpp's `timings`.
    var hasTimings = false
    /// Whether chunks without a usage say `"usage":null`.
    var saysNullUsage = false
    /// No blank behind `data:`.
    var isTight = false

    private static let created = 1_795_454_513

    /// The forms at OpenAI's own paths.
    var forms: [String: SimulatorForm] {
        ["/v1/chat/completions": chat, "/v1/completions": completion, "/v1/embeddings": embedding]
    }

    var chat: SimulatorForm { generation { body, script throws(SimulatorRequest.Invalid) in try .chat(body, script) } }

    var completion: SimulatorForm {
        generation { body, script throws(SimulatorRequest.Invalid) in try .completion(body, script) }
    }

    var embedding: SimulatorForm {
        SimulatorForm(
            read: { body, script throws(SimulatorRequest.Invalid) in try .embedding(body, script) },
            whole: embeddings
        )
    }

    private func generation(_ read: @escaping SimulatorForm.Read) -> SimulatorForm {
        SimulatorForm(read: read, whole: whole, stream: frames, isTight: isTight)
    }

    /// An error object in an envelope; `types` by status, with `0` for the rest.
    static func error(_ error: SimulatorError, types: [Int: String]) -> String {
        let type = types[error.status] ?? types[error.status / 100] ?? types[0] ?? "invalid_request_error"
        let message = SimulatorJSON.quote(error.message)
        return #"{"error":{"message":\#(message),"type":"\#(type)","param":null,"code":\#(error.status)}}"#
    }

    // MARK: In one piece

    @Sendable private func whole(_ answer: SimulatorAnswer) -> String {
        let text = SimulatorJSON.quote(answer.pieces.joined())
        let choice =
            answer.request.kind == .chat
            ? #"{"index":0,"message":{"role":"assistant","content":\#(text)},"finish_reason":\#(finish(answer))}"#
            : #"{"index":0,"text":\#(text),"logprobs":null,"finish_reason":\#(finish(answer))}"#
        let object = answer.request.kind == .chat ? "chat.completion" : "text_completion"
        let usage = answer.script.usage == .absent ? "" : usage(answer, answer.pieces.count)
        return envelope(answer, choices: choice, object: object, rest: usage + timings(answer))
    }

    @Sendable private func embeddings(_ answer: SimulatorAnswer) -> String {
        let data = answer.request.inputs.enumerated().map { index, input in
            let vector = SimulatorEmbedding(of: input, dimensions: answer.dimensions)
            let value = answer.request.wantsBase64 ? "\"\(vector.base64)\"" : vector.list
            return #"{"object":"embedding","index":\#(index),"embedding":\#(value)}"#
        }
        let model = SimulatorJSON.quote(answer.script.model)
        let usage = answer.script.usage == .absent ? "" : usage(answer, 0)
        return #"{"object":"list","model":\#(model),"data":[\#(data.joined(separator: ","))]\#(usage)}"#
    }

    // MARK: Chunks of a stream

    @Sendable private func frames(_ answer: SimulatorAnswer) -> [SimulatorForm.Frame] {
        let script = answer.script
        var frames: [SimulatorForm.Frame] = []
        if role == .ownChunk, answer.request.kind == .chat {
            let delta = #"{"role":"assistant","content":""}"#
            frames.append(.init(text: chunk(answer, delta: delta, text: "\"\"", sent: 0)))
        }
        for (index, piece) in answer.pieces.enumerated() {
            let text = SimulatorJSON.quote(piece)
            let says = role == .everyChunk || role == .firstToken && index == 0
            let delta = says ? #"{"role":"assistant","content":\#(text)}"# : #"{"content":\#(text)}"#
            frames.append(.init(text: chunk(answer, delta: delta, text: text, sent: index + 1), tokens: 1))
        }
        let wantsChunk = script.usage == .always || script.usage == .standard && answer.request.wantsUsage
        let count = answer.pieces.count
        var rest = script.usage == .finishChunk ? usage(answer, count) : ""
        if !wantsChunk { rest += timings(answer) }
        let delta = role == .everyChunk ? #"{"role":"assistant","content":""}"# : "{}"
        let finish = chunk(answer, delta: delta, text: "\"\"", sent: count, finish: finish(answer), rest: rest)
        frames.append(.init(text: finish))
        if wantsChunk {
            let last = usage(answer, count) + timings(answer)
            frames.append(.init(text: envelope(answer, choices: "", object: chunkObject(answer), rest: last)))
        }
        return frames
    }

    private func chunk(
        _ answer: SimulatorAnswer,
        delta: String,
        text: String,
        sent: Int,
        finish: String = "null",
        rest: String = ""
    ) -> String {
        let content = answer.request.kind == .chat ? #""delta":\#(delta)"# : #""text":\#(text),"logprobs":null"#
        let choice = #"{"finish_reason":\#(finish),"index":0,\#(content)}"#
        let counted = answer.script.usage == .everyChunk ? usage(answer, sent) : ""
        let null = saysNullUsage && counted.isEmpty && rest.isEmpty ? #","usage":null"# : ""
        return envelope(answer, choices: choice, object: chunkObject(answer), rest: counted + rest + null)
    }

    // MARK: Parts

    private func chunkObject(_ answer: SimulatorAnswer) -> String {
        answer.request.kind == .chat ? "chat.completion.chunk" : "text_completion"
    }

    private func finish(_ answer: SimulatorAnswer) -> String { answer.isCut ? "\"length\"" : "\"stop\"" }

    private func envelope(_ answer: SimulatorAnswer, choices: String, object: String, rest: String) -> String {
        let model = SimulatorJSON.quote(answer.script.model)
        let print = fingerprint.map { #","system_fingerprint":"\#($0)""# } ?? ""
        let id = hasID ? (answer.request.kind == .chat ? "chatcmpl-" : "cmpl-") + answer.identity : ""
        return #"{"id":"\#(id)","object":"\#(object)","created":\#(Self.created),"model":\#(model)\#(print),"#
            + #""choices":[\#(choices)]\#(rest)}"#
    }

    private func usage(_ answer: SimulatorAnswer, _ completion: Int) -> String {
        let prompt = answer.request.promptTokens
        let count = answer.request.kind == .embedding ? "" : #""completion_tokens":\#(completion),"#
        return #","usage":{\#(count)"prompt_tokens":\#(prompt),"total_tokens":\#(prompt + completion)}"#
    }

    private func timings(_ answer: SimulatorAnswer) -> String {
        guard hasTimings, answer.request.kind != .embedding else { return "" }
        let predicted = (answer.script.tokenInterval * max(0, answer.pieces.count - 1)).milliseconds
        return #","timings":{"cache_n":0,"prompt_n":\#(answer.request.promptTokens),"#
            + #""prompt_ms":\#(answer.start.milliseconds),"#
            + #""predicted_n":\#(answer.pieces.count),"predicted_ms":\#(predicted)}"#
    }
}

extension Duration {
    /// Whole and broken milliseconds.
    var milliseconds: Double { self / .milliseconds(1) }
}
