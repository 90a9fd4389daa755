// SPDX-License-Identifier: MIT

/// How an answer is called towards its client.
public struct AnswerIdentity: Sendable, Hashable {
    /// The answer's id where the backend gives none.
    public var id: String
    /// The model's name as the client knows it.
    public var model: String
    /// Seconds since 1970.
    public var created: Int

    /// Whose answer it is, where keys are asked for: the key's id.
    public var owner: String?

    /// Creates an identity.
    public init(id: String, model: String, created: Int, owner: String? = nil) {
        self.owner = owner
        self.id = id
        self.model = model
        self.created = created
    }
}
