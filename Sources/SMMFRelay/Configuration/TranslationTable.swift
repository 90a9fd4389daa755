// SPDX-License-Identifier: MIT

public import SMMFCore
public import SMMFWire

/// All translations: those of chats by what stands on either side, the others by operation and by the two dialects that
/// they stand between; and how each dialect's clients are told of an error.
public struct TranslationTable: Sendable {
    /// What a translation is for.
    public struct Key: Sendable, Hashable {
        /// The operation's name.
        public var operation: String
        public var client: Dialect
        public var instance: Dialect

        /// Creates a key.
        public init(_ operation: String, from client: Dialect, to instance: Dialect) {
            self.operation = operation
            self.client = client
            self.instance = instance
        }
    }

    /// Says an error in a dialect's words.
    public typealias ErrorWriter = @Sendable (NeutralError) -> [UInt8]

    private let translations: [Key: any Translation]
    /// Clients of the operation `chat`.
    private let clients: [Dialect: any ChatClientDialect]
    private let backends: [Dialect: any ChatBackendDialect]
    private let errors: [Dialect: ErrorWriter]

    /// The operation whose translations are made of a client's dialect and a backend's.
    static let chat = "chat"

    /// Creates a table; a dialect without an entry in `errors` is told of errors as OpenAI's clients are.
    public init(
        _ translations: [Key: any Translation] = [:],
        clients: [Dialect: any ChatClientDialect] = [:],
        backends: [Dialect: any ChatBackendDialect] = [:],
        errors: [Dialect: ErrorWriter] = [:]
    ) {
        self.translations = translations
        self.clients = clients
        self.backends = backends
        self.errors = errors
    }

    /// The translation for a key; `chat` is the backend's own dialect of chats, where it has one. Nil where there is none.
    func translation(_ key: Key, to chat: (any ChatBackendDialect)?) -> (any Translation)? {
        guard key.operation == Self.chat else { return translations[key] }
        guard let client = clients[key.client], let backend = chat ?? backends[key.instance] else { return nil }
        return ChatTranslation(from: client, to: backend)
    }

    /// How clients of a dialect are told of an error; nil for OpenAI's.
    func errorWriter(_ dialect: Dialect) -> ErrorWriter? { errors[dialect] }
}
