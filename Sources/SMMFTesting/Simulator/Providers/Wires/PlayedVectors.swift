// SPDX-License-Identifier: MIT

import SMMFWire

/// Embeddings and reranks, in the shapes that providers have for them.
extension PlayedRoute {
    private static let dimensions = 8
    private static let longest = 4_096

    /// OpenAI's embeddings; `total` is for those that count nothing else.
    static func embeddings(_ path: String, most: Int = 2_048, onlyTotal: Bool = false) -> PlayedRoute {
        PlayedRoute("POST", path) { call throws(PlayedError) in
            // A deployment's model stands in the path.
            let model = call.model.isEmpty ? try call.need("model") : call.model
            let texts = try call.texts("input")
            guard texts.count <= most else { throw .wrong("input", "at most \(most) entries") }
            let wantsText = call.body["encoding_format"] == "base64"
            let data: [JSONTree] = try vectors(texts, call).enumerated().map { index, vector in
                [
                    "object": "embedding", "index": .number(index),
                    "embedding": wantsText ? .string(vector.base64) : list(vector),
                ]
            }
            let tokens = count(texts)
            let usage: JSONTree =
                onlyTotal
                ? ["total_tokens": .number(tokens)]
                : ["prompt_tokens": .number(tokens), "total_tokens": .number(tokens)]
            return reply(["object": "list", "data": .array(data), "model": .string(model), "usage": usage], tokens)
        }
    }

    /// A list of models.
    static func models(_ path: String) -> PlayedRoute {
        PlayedRoute("GET", path) { call throws(PlayedError) in
            PlayedReply([
                "object": "list",
                "data": [
                    ["id": "sim", "object": "model", "created": 1_795_454_513, "owned_by": .string(call.provider.name)]
                ],
            ])
        }
    }

    /// Jina's rerank, which many have taken over.
    static func rerank(_ path: String) -> PlayedRoute {
        PlayedRoute("POST", path) { call throws(PlayedError) in
            let (results, tokens) = try ranks(call, most: "top_n")
            return reply(
                [
                    "model": .string(try call.need("model")), "object": "list",
                    "usage": ["total_tokens": .number(tokens)],
                    "results": .array(results.map { result(call, $0, document: { ["text": .string($0)] }) }),
                ],
                tokens
            )
        }
    }

    /// Cohere's rerank: no texts, and what it costs in `meta`.
    static func cohereRerank(_ path: String) -> PlayedRoute {
        PlayedRoute("POST", path) { call throws(PlayedError) in
            let (results, tokens) = try ranks(call, most: "top_n")
            return reply(
                [
                    "id": "rr-1", "results": .array(results.map { result(call, $0, document: nil) }),
                    "meta": ["api_version": ["version": "2"], "billed_units": ["search_units": 1]],
                ],
                tokens
            )
        }
    }

    /// Voyage's rerank: `top_k`, and results in `data`.
    static func voyageRerank(_ path: String) -> PlayedRoute {
        PlayedRoute("POST", path) { call throws(PlayedError) in
            let (results, tokens) = try ranks(call, most: "top_k")
            return reply(
                [
                    "object": "list", "data": .array(results.map { result(call, $0, document: { .string($0) }) }),
                    "model": .string(try call.need("model")), "usage": ["total_tokens": .number(tokens)],
                ],
                tokens
            )
        }
    }

    /// Cohere's embeddings, by type.
    static func cohereEmbed(_ path: String) -> PlayedRoute {
        PlayedRoute("POST", path) { call throws(PlayedError) in
            _ = try call.need("model")
            _ = try call.need("input_type")
            let texts = try call.texts("texts")
            guard texts.count <= 96 else { throw .wrong("texts", "at most 96 entries") }
            let lists = try vectors(texts, call).map(list)
            let tokens = count(texts)
            return reply(
                [
                    "id": "emb-1", "embeddings": ["float": .array(lists)],
                    "texts": .array(texts.map { .string($0) }),
                    "meta": ["api_version": ["version": "2"], "billed_units": ["input_tokens": .number(tokens)]],
                    "response_type": "embeddings_by_type",
                ],
                tokens
            )
        }
    }

    // MARK: Parts

    struct Rank: Sendable {
        let index: Int
        let text: String
        let score: Double
    }

    static func reply(_ tree: JSONTree, _ tokens: Int) -> PlayedReply {
        var reply = PlayedReply(tree)
        reply.prompt = tokens
        return reply
    }

    static func count(_ texts: [String]) -> Int {
        max(1, texts.reduce(0) { $0 + SimulatorText.words(of: $1).count })
    }

    static func vectors(_ texts: [String], _ call: PlayedCall) throws(PlayedError) -> [SimulatorEmbedding] {
        let scene = PlayedScene(texts.first ?? "")
        if let kind = scene.error { throw PlayedError(kind) }
        let wish =
            call.body["dimensions"]?.int ?? call.body["output_dimension"]?.int ?? call.body["outputDimensionality"]?.int
            ?? call.body["parameters"]?["dimension"]?.int
        guard (1...longest).contains(wish ?? dimensions) else { throw .wrong("dimensions", "1 to \(longest)") }
        return texts.map { SimulatorEmbedding(of: $0, dimensions: wish ?? dimensions) }
    }

    static func list(_ vector: SimulatorEmbedding) -> JSONTree {
        .array(vector.values.map { .number(Double($0)) })
    }

    /// The documents by how many words they share with the query, the best first.
    static func ranks(
        _ call: PlayedCall,
        most: String,
        in tree: JSONTree? = nil
    ) throws(PlayedError) -> (results: [Rank], tokens: Int) {
        let tree = tree ?? call.body
        guard let query = tree["query"]?.string else { throw .missing("query") }
        if let kind = PlayedScene(query).error { throw PlayedError(kind) }
        let documents = try call.texts("documents", in: tree)
        let words = Set(SimulatorText.words(of: query.lowercased()))
        let ranks = documents.enumerated().map { index, text in
            let own = SimulatorText.words(of: text.lowercased())
            let shared = own.filter { words.contains($0) }.count
            return Rank(index: index, text: text, score: Double(shared + 1) / Double(own.count + 2))
        }
        let sorted = ranks.sorted { ($1.score, $0.index) < ($0.score, $1.index) }
        let limit = (call.body[most] ?? call.body["parameters"]?[most])?.int ?? sorted.count
        return (Array(sorted.prefix(max(0, limit))), count([query] + documents))
    }

    static func result(_ call: PlayedCall, _ rank: Rank, document: ((String) -> JSONTree)?) -> JSONTree {
        var tree: JSONTree = ["index": .number(rank.index), "relevance_score": .number(rank.score)]
        if let document, call.body["return_documents"]?.bool ?? false { tree["document"] = document(rank.text) }
        return tree
    }
}
