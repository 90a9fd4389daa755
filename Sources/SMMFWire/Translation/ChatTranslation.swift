// SPDX-License-Identifier: MIT

/// Translates chats from a client's dialect to a backend's.
public struct ChatTranslation: Translation {
    private let client: any ChatClientDialect
    private let backend: any ChatBackendDialect

    /// Creates a translation.
    public init(from client: any ChatClientDialect, to backend: any ChatBackendDialect) {
        self.client = client
        self.backend = backend
    }

    public func begin(
        _ input: TranslationInput,
        _ body: Span<UInt8>
    ) throws(TranslationRefusal) -> any TranslatedExchange {
        var read = try ClientInput(path: input.path, query: input.query, bytes: body)
        read.owner = input.identity.owner
        let asked = try client.read(read)
        var sent = asked
        sent.model = input.model
        // What was spent is needed for the books, whether the client asks for it or not.
        sent.includesUsage = true
        return ChatExchange(
            client,
            asked,
            as: input.identity,
            sent: try backend.write(sent),
            reader: backend.reader(for: sent)
        )
    }
}
