// SPDX-License-Identifier: MIT

import SMMFWire

extension PlayedGemini {
    /// All of Gemini's methods on models behind a prefix.
    static func routes(_ prefix: String) -> [PlayedRoute] {
        [
            .chat("\(prefix){model}:generateContent", PlayedGemini()),
            .chat("\(prefix){model}:streamGenerateContent", PlayedGemini(streams: true)),
            PlayedRoute("POST", "\(prefix){model}:countTokens") { call throws(PlayedError) in
                var inner = call
                // The request may stand in a member of its own.
                if let request = call.body["generateContentRequest"], var object = request.object {
                    _ = object.remove("model")
                    inner.body = .object(object)
                }
                let question = try PlayedGemini().question(inner)
                if let kind = PlayedScene(question.said).error { throw PlayedError(kind) }
                return PlayedReply([
                    "totalTokens": .number(question.tokens),
                    "promptTokensDetails": [["modality": "TEXT", "tokenCount": .number(question.tokens)]],
                ])
            },
            PlayedRoute("POST", "\(prefix){model}:embedContent") { call throws(PlayedError) in
                let vector = try embed(call.body, call)
                return PlayedRoute.reply(["embedding": vector.tree], vector.tokens)
            },
            PlayedRoute("POST", "\(prefix){model}:batchEmbedContents") { call throws(PlayedError) in
                guard let requests = call.body["requests"]?.array, !requests.isEmpty else { throw .missing("requests") }
                guard requests.count <= 100 else { throw .wrong("requests", "at most 100 entries") }
                var vectors: [JSONTree] = []
                var tokens = 0
                for request in requests {
                    guard request["model"]?.string == "models/\(call.model)" else {
                        throw .wrong("requests.model", "it must be models/\(call.model)")
                    }
                    let vector = try embed(request, call)
                    vectors.append(vector.tree)
                    tokens += vector.tokens
                }
                return PlayedRoute.reply(["embeddings": .array(vectors)], tokens)
            },
            PlayedRoute("GET", String(prefix.dropLast())) { call throws(PlayedError) in
                PlayedReply(["models": [["name": "models/sim", "supportedGenerationMethods": ["generateContent"]]]])
            },
        ]
    }

    private static func embed(_ body: JSONTree, _ call: PlayedCall) throws(PlayedError) -> (tree: JSONTree, tokens: Int)
    {
        guard let parts = body["content"]?["parts"]?.array else { throw .missing("content.parts") }
        let text = parts.compactMap { $0["text"]?.string }.joined(separator: " ")
        var inner = call
        inner.body = body
        let vectors = try PlayedRoute.vectors([text], inner)
        return (["values": vectors.first.map(PlayedRoute.list) ?? []], PlayedRoute.count([text]))
    }
}
