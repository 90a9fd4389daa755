// SPDX-License-Identifier: MIT

/// What a request may cost, in tokens, before anybody knows what it does cost.
public struct KeyDemand: Sendable, Hashable {
    /// The prompt, estimated.
    public let prompt: Int
    /// The most the model may write: what the client allows, or the assumption where it does not say.
    public let completion: Int
    /// Whether `completion` is only assumed; then it gives way to what is left of a limit.
    public let isAssumed: Bool

    /// Bytes of JSON for one token of a prompt; English text has about four.
    public static let bytesPerToken = 4
    /// The answer that is assumed where the client names no most.
    public static let assumedCompletion = 1024
    /// No demand is larger, whatever the client says; sums of demands must not overflow.
    static let greatest = 1 << 40

    /// Estimates a request with an input of so many bytes. `maxTokens` is the client's own most; `generates` is false
    /// for operations that write nothing, such as embeddings.
    public init(inputBytes: Int, maxTokens: Int?, generates: Bool) {
        prompt = (inputBytes + Self.bytesPerToken - 1) / Self.bytesPerToken
        completion = generates ? min(maxTokens ?? Self.assumedCompletion, Self.greatest) : 0
        isAssumed = maxTokens == nil
    }

    /// All of it.
    public var tokens: Int { prompt + completion }

    /// All of it, with an assumed answer cut to what fits into `room`.
    func tokens(within room: Int) -> Int {
        isAssumed ? prompt + min(completion, max(0, room - prompt)) : tokens
    }
}
