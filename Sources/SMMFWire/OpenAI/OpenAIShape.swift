// SPDX-License-Identifier: MIT

/// In what a provider of OpenAI's shape differs from the others, as data: a row of the provider table holds one.
public struct OpenAIShape: Sendable, Hashable {
    /// How a wish for more or less reasoning is said.
    public enum ReasoningWords: Sendable, Hashable {
        /// `reasoning_effort`.
        case effort
        /// `thinking: {type}`.
        case thinking
        /// `enable_thinking` and `thinking_budget`.
        case enable
        /// Not at all.
        case none
    }

    public var name = "openai"
    /// The path behind the endpoint's own; `{model}` stands for the model.
    public var path = "/v1/chat/completions"
    /// The member for the most tokens of output.
    public var maxTokensName = "max_tokens"
    /// Whether the role `developer` is known; it is `system` otherwise.
    public var hasDeveloperRole = false
    /// Whether a stream tells its usage only when asked by `stream_options`.
    public var asksForUsage = true
    /// Whether reasoning of earlier turns goes back in `reasoning_content`.
    public var sendsReasoning = true
    public var reasoningWords = ReasoningWords.effort
    /// Whether members that are not OpenAI's are taken, such as `top_k`; a strict provider refuses the whole request.
    public var takesMore = true
    /// Whether ids of tool calls must be nine letters and digits, as Mistral wants.
    public var hasShortToolIDs = false
    /// What is done to the body in the end, in this order.
    public var rules: [ParameterRule] = []
    public var errors = ErrorMap()

    /// Creates the shape that most imitators have.
    public init() {}

    /// OpenAI itself.
    public static var openAI: OpenAIShape {
        var shape = OpenAIShape()
        shape.maxTokensName = "max_completion_tokens"
        shape.hasDeveloperRole = true
        shape.sendsReasoning = false
        shape.takesMore = false
        return shape
    }
}

/// A change to a request's body that a provider needs.
public enum ParameterRule: Sendable, Hashable {
    /// Keeps a number within bounds.
    case clamp(String, ClosedRange<Double>)
    case rename(String, to: String)
    /// Leaves a member out, which only steers the answer.
    case drop(String)
    /// Refuses a request with the member, which cannot be left out.
    case deny(String)
    /// Sets a member, whatever it was.
    case set(String, JSONTree)
    /// Sets a member where there is none.
    case preset(String, JSONTree)
    /// Refuses a request in which the member has this value, as no other would mean the same.
    case denyValue(String, JSONTree)
    /// Refuses a list that is longer.
    case atMost(String, Int)

    /// Changes the body.
    func apply(to body: inout JSONObject) throws(TranslationRefusal) {
        switch self {
        case .clamp(let key, let bounds):
            guard let value = body[key]?.double, !bounds.contains(value) else { return }
            body[key] = .number(min(max(value, bounds.lowerBound), bounds.upperBound))
        case .rename(let key, let new): if let value = body.remove(key) { body[new] = value }
        case .drop(let key): _ = body.remove(key)
        case .deny(let key): if body[key]?.present != nil { throw .unsaid(key) }
        case .set(let key, let value): body[key] = value
        case .preset(let key, let value): if body[key] == nil { body[key] = value }
        case .denyValue(let key, let value): if body[key] == value { throw .unsaid(key) }
        case .atMost(let key, let limit):
            guard let list = body[key]?.array, list.count > limit else { return }
            throw TranslationRefusal(
                "The field `\(key)` has \(list.count) entries; the backend of this model takes at most \(limit).",
                field: key
            )
        }
    }
}
