// SPDX-License-Identifier: MIT

/// A model's wish that a tool be called.
public struct ToolCall: Sendable, Hashable {
    public var id: String
    public var name: String
    /// A JSON object as text, as the model wrote it; it may be cut off or no JSON at all.
    public var arguments: String
    /// Gemini's seal on the call, which must come back with it.
    public var signature: String?

    /// Creates a call.
    public init(id: String, name: String, arguments: String, signature: String? = nil) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.signature = signature
    }

    /// The arguments as a JSON object; an empty text is an empty object, and nil is what is none.
    var argumentTree: JSONTree? {
        guard arguments.utf8.contains(where: { $0 > ASCII.space }) else { return [:] }
        guard let tree = try? JSONTree(text: arguments), tree.object != nil else { return nil }
        return tree
    }

    /// The arguments as a JSON object for an answer that can hold nothing else. A call that the limit of tokens cut off is
    /// left out, as nil; what is broken for no such reason is the model's failure.
    func argumentTree(stop: StopReason?) throws(NeutralError) -> JSONTree? {
        if let tree = argumentTree { return tree }
        if stop == .length || stop == .contextFull { return nil }
        throw .unreadable("the arguments of a call of the tool `\(name)` are no JSON object")
    }

    /// The arguments as a JSON object for an API that takes nothing else; throws with the field's name.
    func argumentTree(at field: String) throws(TranslationRefusal) -> JSONTree {
        guard let tree = argumentTree else {
            throw TranslationRefusal("The field `\(field)` must be a JSON object as text.", field: field)
        }
        return tree
    }
}

/// What a tool call gave.
public struct ToolResult: Sendable, Hashable {
    /// The call's id.
    public var id: String
    /// The tool's name, where the API says it again.
    public var name: String?
    public var parts: [ChatPart]
    public var isError: Bool

    /// Creates a result.
    public init(id: String, name: String? = nil, parts: [ChatPart], isError: Bool = false) {
        self.id = id
        self.name = name
        self.parts = parts
        self.isError = isError
    }

    /// Its texts, one after another.
    var text: String { ChatMessage(.tool, parts).text }
}
