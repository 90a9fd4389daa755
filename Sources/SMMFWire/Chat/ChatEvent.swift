// SPDX-License-Identifier: MIT

/// One step of an answer, in one form for all dialects; an answer that is not streamed is the same steps at once.
///
/// An answer is well-formed when it has deltas, then a stop for each choice, and ends with ``end``. It ends with ``error``
/// instead when anything is wrong with it, also where its bytes just stop; there is no third way.
public enum ChatEvent: Sendable, Hashable {
    /// The backend began; what it says of the answer.
    case start(id: String?, model: String?, created: Int?)
    /// More of one choice.
    case delta(choice: Int, ChatDelta)
    /// One choice is complete.
    case stop(choice: Int, StopReason)
    /// What was spent so far; each report replaces those before it.
    case usage(TokenUsage)
    /// The answer failed, at its beginning or later; nothing follows.
    case error(NeutralError)
    /// The answer is complete; nothing follows.
    case end
}

/// More of a choice.
public enum ChatDelta: Sendable, Hashable {
    case text(String)
    case reasoning(String)
    /// The seal on the reasoning before it, which is complete with it.
    case signature(String)
    /// Reasoning that only the provider can read.
    case redacted(String)
    /// A tool call begins; `index` counts the calls of the choice from zero.
    case toolCall(index: Int, id: String, name: String, signature: String?)
    /// More of a call's arguments.
    case toolArguments(index: Int, String)
    case refusal(String)
    /// Probabilities of the tokens in the deltas around it, as an OpenAI `logprobs` object.
    case logprobs(JSONTree)
}
