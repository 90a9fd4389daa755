// SPDX-License-Identifier: MIT

/// An answer that is kept for the turns that may follow it, with the conversation that led to it.
public struct StoredResponse: Sendable, Hashable {
    /// All turns up to this answer and with it, without instructions, which hold for one answer only.
    public var conversation: [ChatMessage]
    /// The answer as its client got it.
    public var document: JSONTree
    /// Bytes that it takes, roughly.
    public var size: Int

    /// Creates a kept answer.
    public init(conversation: [ChatMessage], document: JSONTree, size: Int) {
        self.conversation = conversation
        self.document = document
        self.size = size
    }
}

/// Keeps answers of Responses. What one API key's clients had kept does not exist for another's.
public protocol ResponseStore: Sendable {
    /// The answer with this id; nil where there is none, or not any more.
    func response(_ id: String, of owner: String?) -> StoredResponse?
    /// Keeps an answer, and may forget others for it.
    func keep(_ response: StoredResponse, as id: String, of owner: String?)
    /// Forgets an answer; returns whether there was one.
    func remove(_ id: String, of owner: String?) -> Bool
}

/// The part of a conversation that the gateway keeps.
public struct KeptTurns: Sendable, Hashable {
    /// The answer that the request follows.
    public var previous: String?
    /// The turns of before and those of this request, without instructions.
    public var turns: [ChatMessage]
    /// Whether the answer shall be kept.
    public var keeps: Bool
}
