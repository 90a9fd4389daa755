// SPDX-License-Identifier: MIT

/// `/v2/embed` of Cohere.
public struct CohereEmbedding: OperationDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "cohere" }

    /// An error as Cohere's clients know it.
    public static func error(_ error: NeutralError) -> JSONTree { ["message": .string(error.clientText)] }

    private static let purposes: [(name: String, purpose: EmbeddingRequest.Purpose)] = [
        ("search_query", .query), ("search_document", .document), ("classification", .classification),
        ("clustering", .clustering),
    ]

    public func readRequest(_ input: ClientInput) throws(TranslationRefusal) -> EmbeddingRequest {
        var members = try RequestMembers(input.body)
        let model = try members.needString("model")
        guard let texts = try members.strings("texts") else { throw members.missing("texts") }
        let kind = try members.string("input_type")
        let types = try members.strings("embedding_types") ?? ["float"]
        guard types == ["float"] else {
            throw members.wrong("embedding_types", "`[\"float\"]`; no others are made here")
        }
        let dimensions = try members.int("output_dimension")
        let truncate = try members.string("truncate")
        return EmbeddingRequest(
            model: model,
            inputs: texts.map { .text($0) },
            dimensions: dimensions,
            purpose: kind.flatMap { name in Self.purposes.first { $0.name == name }?.purpose },
            truncates: truncate.map { $0 != "NONE" },
            extra: members.rest
        )
    }

    public func writeRequest(_ request: EmbeddingRequest) throws(TranslationRefusal) -> TranslatedRequest {
        let texts = try request.texts()
        var body: JSONObject = ["model": .string(request.model), "texts": .array(texts.map { .string($0) })]
        // The member is required; documents are what most texts are.
        let kind = Self.purposes.first { $0.purpose == request.purpose }?.name ?? "search_document"
        body["input_type"] = .string(kind)
        body["embedding_types"] = ["float"]
        if let dimensions = request.dimensions { body["output_dimension"] = .number(dimensions) }
        if let truncates = request.truncates { body["truncate"] = truncates ? "END" : "NONE" }
        return TranslatedRequest(path: "/v2/embed", body: JSONTree.object(body).bytes)
    }

    public func readAnswer(_ body: JSONTree, to request: EmbeddingRequest) throws(NeutralError) -> EmbeddingAnswer {
        guard let list = body["embeddings"]?["float"]?.array ?? body["embeddings"]?.array else {
            throw .unreadable("`embeddings.float` is missing")
        }
        var vectors: [[Float]] = []
        for item in list { vectors.append(try EmbeddingAnswer.vector(item)) }
        return try EmbeddingAnswer(
            vectors: vectors,
            inputs: request.inputs.count,
            usage: body["meta"]?["billed_units"]?["input_tokens"]?.int.map { TokenUsage(prompt: max($0, 0)) }
        )
    }

    public func writeAnswer(_ answer: EmbeddingAnswer, to request: EmbeddingRequest) throws(NeutralError) -> JSONTree {
        [
            "id": "embed", "embeddings": ["float": .array(answer.vectors.map(EmbeddingAnswer.numbers))],
            "texts": .array(try texts(request)), "response_type": "embeddings_by_type",
            "meta": ["billed_units": ["input_tokens": .number(answer.usage?.prompt ?? 0)]],
        ]
    }

    private func texts(_ request: EmbeddingRequest) throws(NeutralError) -> [JSONTree] {
        do throws(TranslationRefusal) { return try request.texts().map { .string($0) } } catch {
            throw NeutralError(.badRequest, error.message, param: error.field)
        }
    }
}
