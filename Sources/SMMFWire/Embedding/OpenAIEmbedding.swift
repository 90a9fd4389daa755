// SPDX-License-Identifier: MIT

/// `/v1/embeddings` of OpenAI's API.
public struct OpenAIEmbedding: OperationDialect {
    /// The path at a backend.
    public var path: String

    /// Creates the dialect.
    public init(path: String = "/v1/embeddings") { self.path = path }

    public var name: String { "openai" }

    public func readRequest(_ input: ClientInput) throws(TranslationRefusal) -> EmbeddingRequest {
        var members = try RequestMembers(input.body)
        let model = try members.needString("model")
        guard let value = members.take("input") else { throw members.missing("input") }
        let (inputs, isSingle) = try Self.inputs(value, members)
        let encoding = try members.string("encoding_format")
        guard encoding == nil || encoding == "float" || encoding == "base64" else {
            throw members.wrong("encoding_format", "`float` or `base64`")
        }
        let dimensions = try members.int("dimensions")
        return EmbeddingRequest(
            model: model,
            inputs: inputs,
            isSingle: isSingle,
            dimensions: dimensions,
            wantsBase64: encoding == "base64",
            user: try members.string("user"),
            extra: members.rest
        )
    }

    private static func inputs(
        _ value: JSONTree,
        _ members: RequestMembers
    ) throws(TranslationRefusal) -> ([EmbeddingRequest.Input], Bool) {
        if let text = value.string { return ([.text(text)], true) }
        let wrong = members.wrong("input", "a string, an array of strings, or arrays of tokens")
        guard let list = value.array, !list.isEmpty else { throw wrong }
        let numbers = list.compactMap(\.int)
        if numbers.count == list.count { return ([.tokens(numbers)], true) }
        var inputs: [EmbeddingRequest.Input] = []
        for element in list {
            if let text = element.string {
                inputs.append(.text(text))
            } else if let tokens = element.array, case let numbers = tokens.compactMap(\.int),
                numbers.count == tokens.count
            {
                inputs.append(.tokens(numbers))
            } else {
                throw wrong
            }
        }
        return (inputs, false)
    }

    public func writeRequest(_ request: EmbeddingRequest) throws(TranslationRefusal) -> TranslatedRequest {
        let inputs: [JSONTree] = request.inputs.map { input in
            switch input {
            case .text(let text): .string(text)
            case .tokens(let tokens): .array(tokens.map { .number($0) })
            }
        }
        var body: JSONObject = ["model": .string(request.model)]
        body["input"] = request.isSingle ? inputs.first ?? .null : .array(inputs)
        body["encoding_format"] = request.wantsBase64 ? "base64" : "float"
        if let dimensions = request.dimensions { body["dimensions"] = .number(dimensions) }
        if let user = request.user { body["user"] = .string(user) }
        body.merge(missing: request.extra)
        return TranslatedRequest(path: path, body: JSONTree.object(body).bytes)
    }

    public func readAnswer(_ body: JSONTree, to request: EmbeddingRequest) throws(NeutralError) -> EmbeddingAnswer {
        guard let list = body["data"]?.array else { throw .unreadable("`data` is missing") }
        var vectors = [[Float]?](repeating: nil, count: request.inputs.count)
        for (place, item) in list.enumerated() {
            // Some leave the index out; then the order tells.
            let index = item["index"]?.int ?? place
            guard vectors.indices.contains(index), vectors[index] == nil else {
                throw .unreadable("it embeds input \(index) of \(request.inputs.count)")
            }
            vectors[index] = try EmbeddingAnswer.vector(item["embedding"])
        }
        return try EmbeddingAnswer(
            model: body["model"]?.string,
            vectors: vectors.compactMap { $0 },
            inputs: request.inputs.count,
            usage: body["usage"].flatMap { TokenUsage($0) }
        )
    }

    public func writeAnswer(_ answer: EmbeddingAnswer, to request: EmbeddingRequest) throws(NeutralError) -> JSONTree {
        let data: [JSONTree] = answer.vectors.enumerated().map { index, vector in
            [
                "object": "embedding", "index": .number(index),
                "embedding": request.wantsBase64 ? EmbeddingAnswer.base64(vector) : EmbeddingAnswer.numbers(vector),
            ]
        }
        let usage = answer.usage ?? TokenUsage()
        return [
            "object": "list", "data": .array(data), "model": .string(request.model),
            "usage": [
                "prompt_tokens": .number(usage.prompt), "total_tokens": .number(usage.prompt + usage.completion),
            ],
        ]
    }
}
