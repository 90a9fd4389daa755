// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTelemetry
import SMMFWire

/// The paths of the API Server.
enum GatewaySurface {
    /// What is relayed.
    static let operations = openAI + media + rerank + anthropic + ollama + gemini + cohere

    private static let openAI = [
        RelayOperation("chat", "/v1/chat/completions", .messages),
        RelayOperation("completion", "/v1/completions", .prompt),
        RelayOperation("embedding", "/v1/embeddings", .input, kinds: [.embedding]),
        RelayOperation("chat", "/v1/responses", .turns, speaks: ResponsesClient().name),
    ]

    /// OpenAI's words alone, passed on to backends that have them.
    private static let media = [
        RelayOperation("image", "/v1/images/generations", .prompt, kinds: [.image], generates: false),
        RelayOperation("speech", "/v1/audio/speech", .input, kinds: [.speech]),
        RelayOperation("transcription", "/v1/audio/transcriptions", .form, kinds: [.transcription]),
        RelayOperation("moderation", "/v1/moderations", .input, kinds: [.moderation]),
    ]

    /// Rerank has no shape of OpenAI's; that of Jina, which Cohere's and the engines' are like, stands for it. DB-GPT's own
    /// stands at the path of its server and at the one that its client takes when nobody says otherwise.
    private static let rerank =
        ["/v1/rerank", "/v2/rerank", "/rerank"].map {
            RelayOperation("rerank", $0, .documents, at: "/v1/rerank", kinds: [.rerank])
        }
        + ["/api/v1/beta/relevance", "/v1/beta/relevance"].map {
            RelayOperation("rerank", $0, .documents, at: "/v1/rerank", speaks: RelevanceRerank().name, kinds: [.rerank])
        }

    private static let anthropic = [
        RelayOperation("chat", "/v1/messages", .messages, speaks: AnthropicClient().name),
        RelayOperation(
            "count_tokens",
            "/v1/messages/count_tokens",
            .messages,
            speaks: AnthropicClient().name,
            generates: false
        ),
    ]

    private static let ollama = [
        RelayOperation("chat", "/api/chat", .messages, speaks: OllamaClient(.chat).name, passesBytes: false),
        RelayOperation("chat", "/api/generate", .modelOnly, speaks: OllamaClient(.generate).name),
        RelayOperation(
            "embedding",
            "/api/embed",
            .input,
            speaks: OllamaEmbedding().name,
            kinds: [.embedding],
            passesBytes: false
        ),
    ]

    private static let gemini = ["/v1beta/models/", "/v1/models/"].flatMap { path in
        [
            gemini("chat", path, ":generateContent"), gemini("chat", path, ":streamGenerateContent"),
            gemini("count_tokens", path, ":countTokens", generates: false),
            gemini("embedding", path, ":embedContent", kinds: [.embedding], generates: false),
            gemini("embedding", path, ":batchEmbedContents", kinds: [.embedding], generates: false),
        ]
    }

    private static func gemini(
        _ name: String,
        _ path: String,
        _ suffix: String,
        kinds: Set<ModelKind> = [.language],
        generates: Bool = true
    ) -> RelayOperation {
        RelayOperation(
            name: name,
            path: path,
            upstreamPath: path,
            shape: .object,
            dialect: Dialect(rawValue: GeminiClient().name),
            kinds: kinds,
            suffix: suffix,
            generates: generates,
            passesBytes: false
        )
    }

    private static let cohere = [
        RelayOperation(
            "embedding",
            "/v2/embed",
            .modelOnly,
            speaks: CohereEmbedding().name,
            kinds: [.embedding],
            generates: false
        )
    ]

    /// What the API Server answers by itself.
    static func localRoutes(_ state: GatewayState) -> [LocalRoute] {
        [
            LocalRoute(.get, "/health", access: .open) { _ in LocalResponse(body: Array("{\"status\":\"ok\"}".utf8)) },
            LocalRoute(.get, "/metrics", access: .local) { _ in
                LocalResponse(
                    contentType: PrometheusText.contentType,
                    body: Array(await state.metricsPage().utf8)
                )
            },
            LocalRoute(.get, "/v1/models") { request in
                LocalResponse(body: list(shown(state, to: request)).bytes)
            },
            LocalRoute(.get, "/v1/models/", isPrefix: true) { request in
                model(String(request.path.dropFirst("/v1/models/".count)), state.table, request.key?.models)
            },
        ] + ollamaRoutes(state) + geminiRoutes(state) + responseRoutes(state.responses)
    }

    private static func model(_ name: String, _ table: RoutingTable, _ scope: ModelScope?) -> LocalResponse {
        // Clients escape a slash in a name; names have no percent sign that would need more than this.
        let plain = name.split(separator: "%2F", omittingEmptySubsequences: false).joined(separator: "/")
        // What the key may not use does not exist for it.
        guard let entry = table.entry(for: plain), scope?.allows(plain) ?? true else {
            let near = table.nearest(to: plain, in: scope)
            let advice = near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
            let envelope = ErrorEnvelope(
                .invalidRequest,
                "The model '\(plain)' does not exist.\(advice)",
                param: "model",
                code: "model_not_found"
            )
            return LocalResponse(status: 404, error: envelope)
        }
        return LocalResponse(body: listing(entry).bytes)
    }
}

extension RelayOperation {
    /// An operation whose path at an instance of the same dialect is the client's, unless `at` names another.
    fileprivate init(
        _ name: String,
        _ path: String,
        _ shape: BodyShape,
        at upstreamPath: String? = nil,
        speaks dialect: String = Dialect.openAI.rawValue,
        kinds: Set<ModelKind> = [.language],
        generates: Bool? = nil,
        passesBytes: Bool = true
    ) {
        self.init(
            name: name,
            path: path,
            upstreamPath: upstreamPath ?? path,
            shape: shape,
            dialect: Dialect(rawValue: dialect),
            kinds: kinds,
            generates: generates,
            passesBytes: passesBytes
        )
    }
}
