// SPDX-License-Identifier: MIT

/// What a translation has to know of a request beside its body.
public struct TranslationInput: Sendable {
    /// The client's path without its query; some dialects put the model there.
    public var path: String
    public var query: String
    /// What the instance calls the model.
    public var model: String
    /// How the answer is called towards the client, with the model's name as the client knows it.
    public var identity: AnswerIdentity
    /// What the backend's errors mean.
    public var readError: @Sendable (AnswerHead, [UInt8]) -> NeutralError

    /// Creates an input.
    public init(
        path: String = "",
        query: String = "",
        model: String,
        identity: AnswerIdentity,
        readError: @escaping @Sendable (AnswerHead, [UInt8]) -> NeutralError = {
            ErrorMap().error(ErrorWords($1), head: $0)
        }
    ) {
        self.path = path
        self.query = query
        self.model = model
        self.identity = identity
        self.readError = readError
    }
}
