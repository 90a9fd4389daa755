// SPDX-License-Identifier: MIT

/// An ability of clients' dialects: to keep answers for later turns.
public protocol ChatAnswerKeeper: Sendable {
    /// Whether the answer to a request is kept.
    func keeps(_ request: ChatRequest) -> Bool
    /// Takes an answer that came to its end.
    func keep(_ answer: ChatAnswer, to request: ChatRequest, as identity: AnswerIdentity)
}
