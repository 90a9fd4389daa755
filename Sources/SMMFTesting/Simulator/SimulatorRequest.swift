// SPDX-License-Identifier: MIT

/// What a client asks a simulated engine to make.
struct SimulatorRequest: Sendable, Hashable {
    enum Kind: String, Sendable, Hashable { case chat, completion, embedding, rerank }

    struct Invalid: Error, Sendable, Hashable {
        let status: Int
        let message: String
    }

    let kind: Kind
    var isStream = false
    var wantsUsage = false
    var limit: Int?
    /// What `text == .echo` repeats; for a rerank the query.
    var prompt: String
    var promptTokens: Int
    /// The texts of an embedding or rerank.
    var inputs: [String] = []
    var wantsBase64 = false
    /// How long the vectors shall be, where the client says.
    var dimensions: Int?
    /// Whether a rerank repeats the texts.
    var returnsText = false

    /// Texts for one answer.
    init(_ kind: Kind, prompt: String) {
        self.kind = kind
        self.prompt = prompt
        promptTokens = SimulatorText.words(of: prompt).count
    }

    /// Texts that are worked on each for itself.
    init(_ kind: Kind, inputs: [String], query: String = "") {
        self.kind = kind
        self.inputs = inputs
        prompt = kind == .rerank ? query : inputs.joined(separator: " ")
        promptTokens = ([query] + inputs).reduce(0) { $0 + SimulatorText.words(of: $1).count }
    }

    // MARK: OpenAI's bodies

    static func chat(_ body: SimulatorBody, _ script: SimulatorScript) throws(Invalid) -> SimulatorRequest {
        guard let messages = body.messages, !messages.isEmpty else { throw missing("messages") }
        let texts = messages.map { $0.content?.joined ?? "" }
        let prompt = messages.lastIndex { $0.role == "user" }.map { texts[$0] } ?? texts.last ?? ""
        var request = SimulatorRequest(.chat, prompt: prompt)
        request.promptTokens = texts.reduce(0) { $0 + SimulatorText.words(of: $1).count }
        return try request.reading(body, script)
    }

    static func completion(_ body: SimulatorBody, _ script: SimulatorScript) throws(Invalid) -> SimulatorRequest {
        guard let text = body.prompt?.joined else { throw missing("prompt") }
        return try SimulatorRequest(.completion, prompt: text).reading(body, script)
    }

    static func embedding(_ body: SimulatorBody, _ script: SimulatorScript) throws(Invalid) -> SimulatorRequest {
        guard let inputs = body.input?.texts, !inputs.isEmpty else { throw missing("input") }
        var request = try SimulatorRequest(.embedding, inputs: inputs).reading(body, script)
        request.isStream = false
        request.wantsBase64 = body.encodingFormat == "base64"
        request.dimensions = body.dimensions
        return request
    }

    /// Takes what every such body may have, and refuses a model that the engine does not serve.
    private func reading(_ body: SimulatorBody, _ script: SimulatorScript) throws(Invalid) -> SimulatorRequest {
        if let model = body.model, let refusal = script.dialect.unknownModel?(model, script) { throw refusal }
        var request = self
        request.isStream = body.stream ?? false
        request.wantsUsage = body.streamOptions?.includeUsage ?? false
        request.limit = Self.limit(body.maxCompletionTokens ?? body.maxTokens)
        return request
    }

    /// A limit that is one; a negative number is none.
    static func limit(_ number: Int?) -> Int? { number.flatMap { $0 < 0 ? nil : $0 } }

    static func missing(_ field: String) -> Invalid {
        Invalid(status: 400, message: "'\(field)' is required")
    }
}
