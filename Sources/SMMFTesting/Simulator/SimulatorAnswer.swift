// SPDX-License-Identifier: MIT

/// What a simulated engine says to one request, in the JSON of its dialect.
struct SimulatorAnswer {
    let script: SimulatorScript
    let request: SimulatorRequest
    let pieces: [String]
    private let isCut: Bool
    private let id: String

    /// A fixed time, so that the same request always gets the same bytes.
    private static let created = 1_795_454_513

    init(script: SimulatorScript, request: SimulatorRequest) {
        self.script = script
        self.request = request
        (pieces, isCut) = script.text.tokens(script: script, prompt: request.prompt, limit: request.limit)
        let identity = script.seed ^ SimulatorText.hash(request.prompt)
        id = (request.kind == .chat ? "chatcmpl-" : "cmpl-") + String(identity, radix: 36)
    }

    /// The time until the first token.
    var start: Duration {
        guard script.prefillRate > 0 else { return script.firstToken }
        return script.firstToken + .seconds(Double(request.promptTokens) / Double(script.prefillRate))
    }

    private var finishReason: String { isCut ? "\"length\"" : "\"stop\"" }

    // MARK: In one piece

    /// The body of an answer that is not a stream.
    var whole: String {
        if request.kind == .embedding { return embeddings }
        let text = SimulatorJSON.quote(pieces.joined())
        let choice =
            request.kind == .chat
            ? #"{"index":0,"message":{"role":"assistant","content":\#(text)},"finish_reason":\#(finishReason)}"#
            : #"{"index":0,"text":\#(text),"logprobs":null,"finish_reason":\#(finishReason)}"#
        let object = request.kind == .chat ? "chat.completion" : "text_completion"
        let usage = script.usage == .absent ? "" : usage(pieces.count)
        return envelope(choices: choice, object: object, rest: usage + timings)
    }

    // MARK: Chunks of a stream

    /// The chunk that names the role, which only some engines send.
    var roleChunk: String? {
        guard request.kind == .chat, script.dialect == .vllm else { return nil }
        return chunk(delta: #"{"role":"assistant","content":""}"#, text: "\"\"", sent: 0)
    }

    /// The chunk of one token.
    func tokenChunk(_ index: Int) -> String {
        let text = SimulatorJSON.quote(pieces[index])
        return chunk(delta: #"{"content":\#(text)}"#, text: text, sent: index + 1)
    }

    /// The chunk with the finish reason.
    var finishChunk: String {
        let extra = script.usage == .finishChunk ? usage(pieces.count) : ""
        let last = usageChunk == nil ? extra + timings : extra
        return chunk(delta: "{}", text: "\"\"", sent: pieces.count, finish: finishReason, rest: last)
    }

    /// The chunk with the usage alone, where the script and the request want one.
    var usageChunk: String? {
        guard script.usage == .always || (script.usage == .standard && request.wantsUsage) else { return nil }
        return envelope(choices: "", object: chunkObject, rest: usage(pieces.count) + timings)
    }

    private var chunkObject: String { request.kind == .chat ? "chat.completion.chunk" : "text_completion" }

    private func chunk(delta: String, text: String, sent: Int, finish: String = "null", rest: String = "") -> String {
        let content = request.kind == .chat ? #""delta":\#(delta)"# : #""text":\#(text),"logprobs":null"#
        let choice = #"{"finish_reason":\#(finish),"index":0,\#(content)}"#
        let counted = script.usage == .everyChunk ? usage(sent) : ""
        return envelope(choices: choice, object: chunkObject, rest: counted + rest)
    }

    // MARK: Parts

    private func envelope(choices: String, object: String, rest: String) -> String {
        let model = SimulatorJSON.quote(script.model)
        let print = script.dialect == .llamaCpp ? #","system_fingerprint":"b0-sim""# : ""
        return #"{"id":"\#(id)","object":"\#(object)","created":\#(Self.created),"model":\#(model)\#(print),"#
            + #""choices":[\#(choices)]\#(rest)}"#
    }

    private func usage(_ completion: Int) -> String {
        let prompt = request.promptTokens
        let count = request.kind == .embedding ? "" : #""completion_tokens":\#(completion),"#
        return #","usage":{\#(count)"prompt_tokens":\#(prompt),"total_tokens":\#(prompt + completion)}"#
    }

    private var timings: String {
        guard script.dialect == .llamaCpp, request.kind != .embedding else { return "" }
        let predicted = (script.tokenInterval * max(0, pieces.count - 1)).milliseconds
        return #","timings":{"cache_n":0,"prompt_n":\#(request.promptTokens),"prompt_ms":\#(start.milliseconds),"#
            + #""predicted_n":\#(pieces.count),"predicted_ms":\#(predicted)}"#
    }

    private var embeddings: String {
        let data = request.inputs.enumerated().map { index, input in
            let vector = SimulatorEmbedding(of: input, dimensions: script.dimensions)
            let value = request.wantsBase64 ? "\"\(vector.base64)\"" : vector.list
            return #"{"object":"embedding","index":\#(index),"embedding":\#(value)}"#
        }
        let model = SimulatorJSON.quote(script.model)
        let usage = script.usage == .absent ? "" : usage(0)
        return #"{"object":"list","model":\#(model),"data":[\#(data.joined(separator: ","))]\#(usage)}"#
    }
}

extension Duration {
    /// Whole and broken milliseconds.
    fileprivate var milliseconds: Double { self / .milliseconds(1) }
}
