// SPDX-License-Identifier: MIT

/// `:embedContent` and `:batchEmbedContents` of Gemini's API; the model stands in the path.
public struct GeminiEmbedding: OperationDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "gemini" }

    public func readRequest(_ input: ClientInput) throws(TranslationRefusal) -> EmbeddingRequest {
        let (model, method) = GeminiPath.parts(input.path)
        var members = try RequestMembers(input.body)
        let named = Self.plain(try members.string("model") ?? "")
        let name = model ?? named
        if method == "batchEmbedContents" || input.body["requests"] != nil {
            guard let list = try members.array("requests"), !list.isEmpty else { throw members.missing("requests") }
            var request: EmbeddingRequest?
            for (index, element) in list.enumerated() {
                var one = try RequestMembers(element, at: "requests[\(index)]")
                let single = try Self.single(&one, model: name)
                if request == nil { request = single } else { request?.inputs += single.inputs }
                guard single.dimensions == request?.dimensions, single.purpose == request?.purpose else {
                    throw one.wrong("taskType", "the same in all requests, as `outputDimensionality` must be")
                }
            }
            guard var request else { throw members.missing("requests") }
            request.isSingle = false
            return request
        }
        return try Self.single(&members, model: name)
    }

    private static func single(
        _ members: inout RequestMembers,
        model: String
    ) throws(TranslationRefusal) -> EmbeddingRequest {
        let named = plain(try members.string("model") ?? "")
        guard let content = members.take("content") else { throw members.missing("content") }
        var texts: [String] = []
        for part in content["parts"]?.array ?? [] {
            guard let text = part["text"]?.string else {
                throw members.wrong("content.parts", "texts; this model's backend takes no others")
            }
            texts.append(text)
        }
        guard !texts.isEmpty else { throw members.wrong("content.parts", "a list with at least one text") }
        let task = try members.string("taskType")
        return EmbeddingRequest(
            model: model.isEmpty ? named : model,
            inputs: [.text(texts.joined(separator: "\n"))],
            isSingle: true,
            dimensions: try members.int("outputDimensionality"),
            purpose: task.flatMap { purpose in tasks.first { $0.name == purpose }?.purpose },
            extra: members.rest
        )
    }

    private static let tasks: [(name: String, purpose: EmbeddingRequest.Purpose)] = [
        ("RETRIEVAL_QUERY", .query), ("RETRIEVAL_DOCUMENT", .document), ("CLASSIFICATION", .classification),
        ("CLUSTERING", .clustering),
    ]

    private static func plain(_ model: String) -> String {
        model.hasPrefix("models/") ? String(model.dropFirst("models/".count)) : model
    }

    public func writeRequest(_ request: EmbeddingRequest) throws(TranslationRefusal) -> TranslatedRequest {
        let requests: [JSONTree] = try request.texts().map { text in
            var one: JSONObject = [
                "model": .string("models/\(request.model)"), "content": ["parts": [["text": .string(text)]]],
            ]
            if let purpose = request.purpose, let task = Self.tasks.first(where: { $0.purpose == purpose }) {
                one["taskType"] = .string(task.name)
            }
            if let dimensions = request.dimensions { one["outputDimensionality"] = .number(dimensions) }
            return .object(one)
        }
        let body: JSONTree = request.isSingle ? requests.first ?? [:] : ["requests": .array(requests)]
        let method = request.isSingle ? "embedContent" : "batchEmbedContents"
        return TranslatedRequest(path: GeminiPath.path(request.model, method), body: body.bytes)
    }

    public func readAnswer(_ body: JSONTree, to request: EmbeddingRequest) throws(NeutralError) -> EmbeddingAnswer {
        guard let list = body["embeddings"]?.array ?? body["embedding"].map({ [$0] }) else {
            throw .unreadable("`embeddings` is missing")
        }
        var vectors: [[Float]] = []
        for item in list { vectors.append(try EmbeddingAnswer.vector(item["values"])) }
        return try EmbeddingAnswer(
            vectors: vectors,
            inputs: request.inputs.count,
            usage: body["usageMetadata"]?["promptTokenCount"]?.int.map { TokenUsage(prompt: max($0, 0)) }
        )
    }

    public func writeAnswer(_ answer: EmbeddingAnswer, to request: EmbeddingRequest) throws(NeutralError) -> JSONTree {
        let vectors: [JSONTree] = answer.vectors.map { ["values": EmbeddingAnswer.numbers($0)] }
        return request.isSingle ? ["embedding": vectors.first ?? [:]] : ["embeddings": .array(vectors)]
    }
}
