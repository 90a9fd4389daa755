// SPDX-License-Identifier: MIT

/// `/api/embed` of Ollama.
public struct OllamaEmbedding: OperationDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "ollama" }

    public func readRequest(_ input: ClientInput) throws(TranslationRefusal) -> EmbeddingRequest {
        var members = try RequestMembers(input.body)
        let model = try members.needString("model")
        let isSingle = input.body["input"]?.string != nil
        guard let texts = try members.strings("input") else { throw members.missing("input") }
        let dimensions = try members.int("dimensions")
        let truncates = try members.bool("truncate")
        // How long Ollama keeps a model and how it runs it has no meaning for other backends.
        _ = members.take("keep_alive")
        _ = members.take("options")
        return EmbeddingRequest(
            model: model,
            inputs: texts.map { .text($0) },
            isSingle: isSingle,
            dimensions: dimensions,
            truncates: truncates,
            extra: members.rest
        )
    }

    public func writeRequest(_ request: EmbeddingRequest) throws(TranslationRefusal) -> TranslatedRequest {
        let texts = try request.texts()
        var body: JSONObject = ["model": .string(request.model)]
        body["input"] = request.isSingle ? .string(texts.first ?? "") : .array(texts.map { .string($0) })
        if let truncates = request.truncates { body["truncate"] = .bool(truncates) }
        if let dimensions = request.dimensions { body["dimensions"] = .number(dimensions) }
        return TranslatedRequest(path: "/api/embed", body: JSONTree.object(body).bytes)
    }

    public func readAnswer(_ body: JSONTree, to request: EmbeddingRequest) throws(NeutralError) -> EmbeddingAnswer {
        guard let list = body["embeddings"]?.array else { throw .unreadable("`embeddings` is missing") }
        var vectors: [[Float]] = []
        for item in list { vectors.append(try EmbeddingAnswer.vector(item)) }
        return try EmbeddingAnswer(
            model: body["model"]?.string,
            vectors: vectors,
            inputs: request.inputs.count,
            usage: body["prompt_eval_count"]?.int.map { TokenUsage(prompt: max($0, 0)) }
        )
    }

    public func writeAnswer(_ answer: EmbeddingAnswer, to request: EmbeddingRequest) throws(NeutralError) -> JSONTree {
        [
            "model": .string(request.model), "embeddings": .array(answer.vectors.map(EmbeddingAnswer.numbers)),
            "total_duration": 0, "load_duration": 0, "prompt_eval_count": .number(answer.usage?.prompt ?? 0),
        ]
    }
}
