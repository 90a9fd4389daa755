// SPDX-License-Identifier: MIT

/// One turn of a conversation.
public struct ChatMessage: Sendable, Hashable {
    /// Who speaks.
    public enum Role: String, Sendable, Hashable {
        /// Instructions; `developer` in newer words of OpenAI.
        case system, developer
        case user, assistant
        /// A message of nothing but tool results; where an API has no such role they stand in a user's turn.
        case tool
    }

    public var role: Role
    /// The speaker's name, where several share a role.
    public var name: String?
    public var parts: [ChatPart]

    /// Creates a message.
    public init(_ role: Role, _ parts: [ChatPart], name: String? = nil) {
        self.role = role
        self.parts = parts
        self.name = name
    }

    /// Creates a message of one text.
    public init(_ role: Role, text: String) { self.init(role, [ChatPart(.text(text))]) }

    /// Whether it instructs and is no turn of its own where instructions stand apart.
    var isInstruction: Bool { role == .system || role == .developer }

    /// Its texts, one after another.
    var text: String {
        var text = ""
        for part in parts { if case .text(let piece) = part.content { text += piece } }
        return text
    }

    /// Its tool calls in order.
    var toolCalls: [ToolCall] {
        parts.compactMap { if case .toolCall(let call) = $0.content { call } else { nil } }
    }
}
