// SPDX-License-Identifier: MIT

/// `/v1/rerank` as Jina, Cohere, vLLM, SGLang, llama.cpp and Infinity have it: results with `relevance_score`, the best
/// first.
public struct JinaRerank: OperationDialect {
    /// The path at a backend.
    public var path: String

    /// Creates the dialect.
    public init(path: String = "/v1/rerank") { self.path = path }

    public var name: String { "jina" }

    public func readRequest(_ input: ClientInput) throws(TranslationRefusal) -> RerankRequest {
        var members = try RequestMembers(input.body)
        let model = try members.needString("model")
        let query = try members.needString("query")
        guard let list = try members.array("documents") else { throw members.missing("documents") }
        var documents: [String] = []
        for (index, document) in list.enumerated() {
            // Cohere also takes objects with a text.
            guard let text = document.string ?? document["text"]?.string else {
                throw members.wrong("documents[\(index)]", "a string or an object with `text`")
            }
            documents.append(text)
        }
        let limit = try members.int("top_n")
        if let limit, limit < 1 { throw members.wrong("top_n", "at least 1") }
        return RerankRequest(
            model: model,
            query: query,
            documents: documents,
            limit: limit,
            returnsDocuments: try members.bool("return_documents") ?? false,
            extra: members.rest
        )
    }

    public func writeRequest(_ request: RerankRequest) throws(TranslationRefusal) -> TranslatedRequest {
        var body: JSONTree = [
            "model": .string(request.model), "query": .string(request.query),
            "documents": .array(request.documents.map { .string($0) }),
        ]
        if let limit = request.limit { body["top_n"] = .number(limit) }
        // Documents are repeated here from the request, not sent to and fro.
        body["return_documents"] = false
        if case .object(var object) = body {
            object.merge(missing: request.extra)
            body = .object(object)
        }
        return TranslatedRequest(path: path, body: body.bytes)
    }

    public func readAnswer(_ body: JSONTree, to request: RerankRequest) throws(NeutralError) -> RerankAnswer {
        guard let list = body["results"]?.array ?? body["data"]?.array else {
            throw .unreadable("`results` is missing")
        }
        var results: [RerankAnswer.Result] = []
        for item in list {
            guard let index = item["index"]?.int, let score = (item["relevance_score"] ?? item["score"])?.double else {
                throw .unreadable("a result has no `index` or no `relevance_score`")
            }
            results.append(RerankAnswer.Result(index: index, score: score))
        }
        var usage = body["usage"].flatMap { TokenUsage($0) }
        if usage == nil, let billed = body["meta"]?["billed_units"]?["total_tokens"]?.int {
            usage = TokenUsage(prompt: billed)
        }
        return try RerankAnswer(
            id: body["id"]?.string,
            model: body["model"]?.string,
            results: results,
            documents: request.documents.count,
            usage: usage
        )
    }

    public func writeAnswer(_ answer: RerankAnswer, to request: RerankRequest) throws(NeutralError) -> JSONTree {
        let results: [JSONTree] = answer.best(request.limit).map { result in
            var item: JSONTree = ["index": .number(result.index), "relevance_score": .number(result.score)]
            if request.returnsDocuments { item["document"] = ["text": .string(request.documents[result.index])] }
            return item
        }
        var body: JSONTree = [:]
        if let id = answer.id { body["id"] = .string(id) }
        body["model"] = .string(request.model)
        body["results"] = .array(results)
        let usage = answer.usage ?? TokenUsage()
        body["usage"] = [
            "prompt_tokens": .number(usage.prompt), "total_tokens": .number(usage.prompt + usage.completion),
        ]
        return body
    }
}
