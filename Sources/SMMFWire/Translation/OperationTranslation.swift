// SPDX-License-Identifier: MIT

/// A request of an operation whose answer is one document, with the model that it asks for.
public protocol ModelRequest: Sendable {
    var model: String { get set }
}

extension RerankRequest: ModelRequest {}
extension EmbeddingRequest: ModelRequest {}

/// Translates an operation whose answer is one document, such as rerank, from a client's dialect to a backend's.
public struct OperationTranslation<Request: ModelRequest, Answer: Sendable>: Translation {
    private let client: any OperationDialect<Request, Answer>
    private let backend: any OperationDialect<Request, Answer>
    private let errors: ErrorMap

    /// Creates a translation; `errors` tells what the backend's words mean.
    public init(
        from client: any OperationDialect<Request, Answer>,
        to backend: any OperationDialect<Request, Answer>,
        errors: ErrorMap = ErrorMap()
    ) {
        self.client = client
        self.backend = backend
        self.errors = errors
    }

    public func begin(
        _ body: Span<UInt8>,
        model: String,
        name: String,
        streams: Bool
    ) throws(TranslationRefusal) -> any TranslatedExchange {
        let asked = try client.readRequest(ClientInput(bytes: body))
        var sent = asked
        sent.model = model
        let translated = try backend.writeRequest(sent)
        return OperationExchange(translated, errors) { [client, backend] body throws(NeutralError) in
            try client.writeAnswer(try backend.readAnswer(body, to: asked), to: asked)
        }
    }
}
