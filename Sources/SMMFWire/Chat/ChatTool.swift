// SPDX-License-Identifier: MIT

/// What a model may call.
public struct ChatTool: Sendable, Hashable {
    public var name: String
    public var description: String?
    /// A JSON schema; nil where the tool takes nothing.
    public var parameters: JSONTree?
    /// Whether the arguments must keep to the schema.
    public var isStrict: Bool?
    public var cache: CacheHint?
    /// A tool that the provider itself brings, as the client wrote it; the other members then only repeat its name.
    public var builtIn: JSONTree?

    /// Creates a tool.
    public init(
        name: String,
        description: String? = nil,
        parameters: JSONTree? = nil,
        isStrict: Bool? = nil,
        cache: CacheHint? = nil
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.isStrict = isStrict
        self.cache = cache
    }

    /// Creates a tool of the provider's own.
    public init(builtIn: JSONTree) {
        name = builtIn["name"]?.string ?? builtIn["type"]?.string ?? ""
        self.builtIn = builtIn
    }

    /// The schema, or that of an object without members.
    var schema: JSONTree { parameters ?? ["type": "object", "properties": [:]] }
}

/// Which tools a model must or may call.
public enum ToolChoice: Sendable, Hashable {
    case auto, never, required
    /// This one.
    case tool(String)
    /// One of these, or none when it is not `isRequired`.
    case oneOf([String], isRequired: Bool)
}

extension ChatRequest {
    /// The tools for a backend of `target`; a provider's own tool goes to its own family only.
    func tools(for target: DialectFamily) throws(TranslationRefusal) -> [ChatTool] {
        if family != target, let index = tools.firstIndex(where: { $0.builtIn != nil }) {
            throw .unsaid("tools[\(index)]")
        }
        return tools
    }
}
