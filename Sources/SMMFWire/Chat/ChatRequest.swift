// SPDX-License-Identifier: MIT

/// How a client wants a stream to be framed.
public enum StreamForm: Sendable, Hashable {
    /// As its API usually has it.
    case usual
    /// As one JSON array that grows, which is how Gemini's API streams to those who do not ask for events.
    case array
}

/// What a client asks a language model, in one form for all dialects.
///
/// Each dialect is read into this value and written from it. What a target cannot say is treated by one rule: what changes
/// the meaning of the answer (messages, media, tools, formats, several answers, log probabilities) is refused with the
/// field's name, and what only steers it (sampling beyond temperature, seeds, user names, hints for caches) is left out.
public struct ChatRequest: Sendable, Hashable {
    public var model: String
    public var messages: [ChatMessage]
    /// In the client's order, so that what is written is stable.
    public var tools: [ChatTool] = []
    public var toolChoice: ToolChoice?
    /// Whether the model may call several tools at once; nil leaves it to the backend.
    public var parallelToolCalls: Bool?
    public var sampling = SamplingParameters()
    /// Texts that end the answer.
    public var stop: [String] = []
    /// Tokens of output at most, reasoning included.
    public var maxTokens: Int?
    /// How many answers; nil is one.
    public var count: Int?
    public var format: ResponseFormat = .text
    /// Whether each token comes with its probability, and how many other candidates with it.
    public var logprobs: Bool?
    public var topLogprobs: Int?
    public var reasoning = ReasoningWish()
    public var streams = false
    /// How the stream is framed, where a client may choose.
    public var streamForm = StreamForm.usual
    /// Whether a stream ends with its usage; only OpenAI's chat API makes that a choice.
    public var includesUsage = false
    /// What is kept of the conversation; nil for dialects whose requests bring all of it.
    public var kept: KeptTurns?
    /// Who asks, in the client's own words.
    public var user: String?
    public var metadata: JSONObject?
    /// Members that the client's dialect has beyond these; passed on to backends of the same family and to no others.
    public var extra: JSONObject = [:]
    /// The family that `extra` belongs to.
    public var family: DialectFamily

    /// Creates a request.
    public init(model: String, messages: [ChatMessage], family: DialectFamily) {
        self.model = model
        self.messages = messages
        self.family = family
    }

    /// The name of the tool that was called under `id`.
    func toolName(of id: String) -> String? {
        for message in messages {
            for part in message.parts {
                if case .toolCall(let call) = part.content, call.id == id { return call.name }
            }
        }
        return nil
    }

    /// The extra members for a backend of `target`: all of its own family's, none of another's. Throws where one of them
    /// asks for another kind of answer, which must not be left out in silence.
    func extra(for target: DialectFamily) throws(TranslationRefusal) -> JSONObject {
        if family == target { return extra }
        for key in ["audio", "web_search_options", "mcp_servers", "container"] where extra[key]?.present != nil {
            throw .unsaid(key)
        }
        if let modalities = extra["modalities"]?.present, modalities != ["text"] { throw .unsaid("modalities") }
        return [:]
    }

    /// Refuses what only some backends can do; each dialect names what it has.
    func require(count: Bool = false, logprobs: Bool = false, format: Bool = true) throws(TranslationRefusal) {
        if !count, let wanted = self.count, wanted > 1 { throw .unsaid("n") }
        if !logprobs, self.logprobs == true || topLogprobs ?? 0 > 0 { throw .unsaid("logprobs") }
        if !format, self.format != .text { throw .unsaid("response_format") }
    }
}

extension TranslationRefusal {
    /// The refusal of what the target's API has no words for.
    static func unsaid(_ field: String) -> TranslationRefusal {
        TranslationRefusal(
            "The field `\(field)` asks for what the backend of this model cannot do; leave it out or choose another model.",
            field: field
        )
    }
}
