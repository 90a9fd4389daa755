// SPDX-License-Identifier: MIT

/// `/rerank` of Hugging Face's text-embeddings-inference: one model, `texts`, a bare list of scores.
public struct TEIRerank: OperationDialect {
    /// Creates the dialect.
    public init() {}

    public var name: String { "tei" }

    public func readRequest(_ input: ClientInput) throws(TranslationRefusal) -> RerankRequest {
        var members = try RequestMembers(input.body)
        let query = try members.needString("query")
        guard let list = try members.array("texts") else { throw members.missing("texts") }
        var texts: [String] = []
        for (index, element) in list.enumerated() {
            guard let text = element.string else { throw members.wrong("texts[\(index)]", "a string") }
            texts.append(text)
        }
        return RerankRequest(
            model: try members.string("model") ?? "",
            query: query,
            documents: texts,
            returnsDocuments: try members.bool("return_text") ?? false,
            extra: members.rest
        )
    }

    public func writeRequest(_ request: RerankRequest) throws(TranslationRefusal) -> TranslatedRequest {
        var body: JSONTree = [
            "query": .string(request.query), "texts": .array(request.documents.map { .string($0) }),
        ]
        // What the server knows beside these; of other members it knows nothing and says so with an error.
        for key in ["raw_scores", "truncate", "truncation_direction"] {
            if let value = request.extra[key] { body[key] = value }
        }
        return TranslatedRequest(path: "/rerank", body: body.bytes)
    }

    public func readAnswer(_ body: JSONTree, to request: RerankRequest) throws(NeutralError) -> RerankAnswer {
        guard let list = body.array else { throw .unreadable("it is no list of scores") }
        var results: [RerankAnswer.Result] = []
        for item in list {
            guard let index = item["index"]?.int, let score = item["score"]?.double else {
                throw .unreadable("a result has no `index` or no `score`")
            }
            results.append(RerankAnswer.Result(index: index, score: score))
        }
        return try RerankAnswer(results: results, documents: request.documents.count)
    }

    public func writeAnswer(_ answer: RerankAnswer, to request: RerankRequest) throws(NeutralError) -> JSONTree {
        .array(
            answer.best(request.limit).map { result in
                var item: JSONTree = ["index": .number(result.index)]
                if request.returnsDocuments { item["text"] = .string(request.documents[result.index]) }
                item["score"] = .number(result.score)
                return item
            }
        )
    }
}
