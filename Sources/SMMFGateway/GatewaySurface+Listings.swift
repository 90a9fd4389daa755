// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFWire

/// What clients ask about models.
///
/// OpenAI's, Anthropic's and Gemini's ask at the same path, `/v1/models`, so an answer has the members that each looks for.
/// Sources: the API references of the three, and `docs/api.md` of Ollama.
extension GatewaySurface {
    /// The version of Ollama whose API is spoken, for clients that look whether it is new enough.
    private static let ollamaVersion = "0.12.6"

    /// Models have no birthday here, and clients only ask for a date.
    private static let birthday = "1970-01-01T00:00:00Z"

    /// The list of models at `/v1/models`.
    static func list(_ entries: [RouteEntry]) -> JSONTree {
        let names = entries.map { JSONTree.string($0.name.text) }
        return [
            "object": "list", "data": .array(entries.map(listing)), "has_more": false,
            "first_id": names.first ?? .null, "last_id": names.last ?? .null, "models": .array(entries.map(gemini)),
        ]
    }

    /// One model at `/v1/models`.
    static func listing(_ entry: RouteEntry) -> JSONTree {
        var listing: JSONObject = [
            "id": .string(entry.name.text), "object": "model", "created": 0, "owned_by": "smmf", "type": "model",
            "display_name": .string(entry.name.text), "created_at": .string(birthday),
        ]
        if let other = gemini(entry).object { listing.merge(missing: other) }
        return .object(listing)
    }

    static func ollamaRoutes(_ state: GatewayState) -> [LocalRoute] {
        [
            // Ollama's own program looks here whether anybody is there.
            LocalRoute(.get, "/", access: .open) { _ in
                LocalResponse(contentType: "text/plain; charset=utf-8", body: Array("SMMF is running".utf8))
            },
            LocalRoute(.get, "/api/version", access: .open) { _ in document(["version": .string(ollamaVersion)]) },
            LocalRoute(.get, "/api/tags") { request in
                document(["models": .array(shown(state, to: request).map { .object(tag($0)) })])
            },
            LocalRoute(.get, "/api/ps") { request in
                let running = shown(state, to: request).filter { $0.availability == .serving }
                return document(["models": .array(running.map(process))])
            },
            LocalRoute(.post, "/api/show") { request in
                let body = (try? JSONTree(request.body)) ?? .null
                guard let name = body["model"]?.string ?? body["name"]?.string else {
                    return document(["error": "The field `model` is missing."], status: 400)
                }
                let plain = name.hasSuffix(":latest") ? String(name.dropLast(":latest".count)) : name
                guard let entry = shown(state, to: request).first(where: { [name, plain].contains($0.name.text) })
                else { return document(["error": .string("model '\(name)' not found")], status: 404) }
                return document(details(entry))
            },
        ]
    }

    static func geminiRoutes(_ state: GatewayState) -> [LocalRoute] {
        [
            LocalRoute(.get, "/v1beta/models") { request in
                document(["models": .array(shown(state, to: request).map(gemini))])
            },
            LocalRoute(.get, "/v1beta/models/", isPrefix: true) { request in
                let name = PathText.unescaped(String(request.path.dropFirst("/v1beta/models/".count)))
                guard let entry = shown(state, to: request).first(where: { $0.name.text == name }) else {
                    let error = NeutralError(.notFound, "The model '\(name.prefix(200))' does not exist.")
                    return document(GeminiClient().error(error), status: 404)
                }
                return document(gemini(entry))
            },
        ]
    }

    /// The models that a request's key may use.
    static func shown(_ state: GatewayState, to request: LocalRequest) -> [RouteEntry] {
        state.table.sorted.filter { request.key?.models.allows($0.name.text) ?? true }
    }

    private static func document(_ tree: JSONTree, status: Int = 200) -> LocalResponse {
        LocalResponse(status: status, body: tree.bytes)
    }

    private static func tag(_ entry: RouteEntry) -> JSONObject {
        [
            "name": .string(entry.name.text), "model": .string(entry.name.text), "modified_at": .string(birthday),
            "size": 0, "digest": "", "details": family,
        ]
    }

    private static let family: JSONTree = [
        "parent_model": "", "format": "", "family": "", "families": [], "parameter_size": "", "quantization_level": "",
    ]

    private static func process(_ entry: RouteEntry) -> JSONTree {
        var process = tag(entry)
        // Far away: models stay until their deployment says otherwise.
        process["expires_at"] = "2318-01-01T00:00:00Z"
        process["size_vram"] = 0
        return .object(process)
    }

    private static func details(_ entry: RouteEntry) -> JSONTree {
        [
            "modelfile": "", "parameters": "", "template": "", "details": family, "model_info": [:],
            "modified_at": .string(birthday),
            "capabilities": entry.kind == .embedding ? ["embedding"] : ["completion", "tools"],
        ]
    }

    private static func gemini(_ entry: RouteEntry) -> JSONTree {
        let methods: JSONTree =
            switch entry.kind {
            case .language: ["generateContent", "streamGenerateContent", "countTokens"]
            case .embedding: ["embedContent", "batchEmbedContents"]
            case .rerank, .image, .speech, .transcription, .moderation: []
            }
        return [
            "name": .string("models/\(entry.name.text)"), "displayName": .string(entry.name.text), "version": "1",
            "supportedGenerationMethods": methods,
        ]
    }
}
