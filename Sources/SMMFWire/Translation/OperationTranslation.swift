// SPDX-License-Identifier: MIT

/// A request of an operation whose answer is one document, with the model that it asks for.
public protocol ModelRequest: Sendable {
    var model: String { get set }
}

extension RerankRequest: ModelRequest {}
extension EmbeddingRequest: ModelRequest {}
extension ChatRequest: ModelRequest {}

/// Translates an operation whose answer is one document, such as rerank, from a client's dialect to a backend's.
public struct OperationTranslation<Request: ModelRequest, Answer: Sendable>: Translation {
    private let client: any OperationDialect<Request, Answer>
    private let backend: any OperationDialect<Request, Answer>
    private let writeError: @Sendable (NeutralError) -> [UInt8]

    /// Creates a translation; `writeError` says an error in the client's words.
    public init(
        from client: any OperationDialect<Request, Answer>,
        to backend: any OperationDialect<Request, Answer>,
        writeError: @escaping @Sendable (NeutralError) -> [UInt8] = { ErrorEnvelope($0).tree.bytes }
    ) {
        self.client = client
        self.backend = backend
        self.writeError = writeError
    }

    public func begin(
        _ input: TranslationInput,
        _ body: Span<UInt8>
    ) throws(TranslationRefusal) -> any TranslatedExchange {
        let read = try ClientInput(path: input.path, query: input.query, bytes: body)
        var asked = try client.readRequest(read)
        // The answer bears the name that the client used.
        asked.model = input.identity.model
        var sent = asked
        sent.model = input.model
        let translated = try backend.writeRequest(sent)
        return OperationExchange(translated, readError: input.readError, writeError: writeError) {
            [client, backend, asked] body throws(NeutralError) in
            try client.writeAnswer(try backend.readAnswer(body, to: asked), to: asked)
        }
    }
}
