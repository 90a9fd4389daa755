// SPDX-License-Identifier: MIT

/// `/api/v1/beta/relevance` of DB-GPT: bare scores in the documents' order.
public struct RelevanceRerank: OperationDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "relevance" }

    public func readRequest(_ input: ClientInput) throws(TranslationRefusal) -> RerankRequest {
        var members = try RequestMembers(input.body)
        let model = try members.needString("model")
        let query = try members.needString("query")
        guard let documents = try members.strings("documents") else { throw members.missing("documents") }
        return RerankRequest(model: model, query: query, documents: documents, extra: members.rest)
    }

    public func writeRequest(_ request: RerankRequest) throws(TranslationRefusal) -> TranslatedRequest {
        let body: JSONTree = [
            "model": .string(request.model), "query": .string(request.query),
            "documents": .array(request.documents.map { .string($0) }),
        ]
        return TranslatedRequest(path: "/api/v1/beta/relevance", body: body.bytes)
    }

    public func readAnswer(_ body: JSONTree, to request: RerankRequest) throws(NeutralError) -> RerankAnswer {
        guard let scores = body["data"]?.array else { throw .unreadable("`data` is missing") }
        var results: [RerankAnswer.Result] = []
        for (index, score) in scores.enumerated() {
            guard let value = score.double else { throw .unreadable("a score is no number") }
            results.append(RerankAnswer.Result(index: index, score: value))
        }
        return try RerankAnswer(
            model: body["model"]?.string,
            results: results,
            documents: request.documents.count,
            usage: body["usage"].flatMap { TokenUsage($0) }
        )
    }

    /// Every document must have its score, as only its place tells whose it is.
    public func writeAnswer(_ answer: RerankAnswer, to request: RerankRequest) throws(NeutralError) -> JSONTree {
        guard answer.results.count == request.documents.count else {
            throw .unreadable("it scores \(answer.results.count) of \(request.documents.count) documents")
        }
        let scores = answer.results.sorted { $0.index < $1.index }.map { JSONTree.number($0.score) }
        let usage = answer.usage ?? TokenUsage()
        return [
            "object": "list", "model": .string(request.model), "data": .array(scores),
            "usage": [
                "prompt_tokens": .number(usage.prompt), "total_tokens": .number(usage.prompt + usage.completion),
                "completion_tokens": .number(usage.completion),
            ],
        ]
    }
}
