// SPDX-License-Identifier: MIT

import SMMFWire

/// Ollama's cloud, and servers that people run themselves.
extension PlayedProvider {
    static let ollamaCloud = PlayedProvider(
        "ollama-cloud",
        auth: .bearer,
        words: PlayedWords(
            [
                .badRequest: .init(400, .null, nil, "invalid request"),
                .badKey: .init(401, .null, nil, "unauthorized"),
                .denied: .init(403, .null, nil, "this model requires a subscription, upgrade for access"),
                .quota: .init(
                    429,
                    .null,
                    nil,
                    "you (sim) have reached your weekly usage limit, upgrade for higher limits"
                ),
                .rateLimit: .init(429, .null, nil, "too many concurrent requests"),
                .notFound: .init(404, .null, nil, "model 'sim' not found"),
                .overloaded: .init(
                    503,
                    .null,
                    nil,
                    "server busy, please try again.  maximum pending requests exceeded"
                ),
                .outage: .init(500, .null, nil, "llama runner process has terminated"),
            ],
            body: { ["error": .string($0.text)] }
        ),
        routes: PlayedOllama.routes
    )

    private static func here(_ name: String, _ words: PlayedWords = .openAIWords) -> PlayedProvider {
        PlayedProvider(name, base: "/v1", wire: PlayedOpenAI(), words: words, routes: [.rerank("/v1/rerank")]) {
            $0.auth = .none
        }
    }

    static let ollama = here("ollama")
    static let llamaServer = here(
        "llama-server",
        .openAIWords.with([
            .contextOverflow: .init(
                400,
                400,
                "exceed_context_size_error",
                "the request exceeds the available context size, try increasing it"
            ),
            .overloaded: .init(503, 503, "unavailable_error", "Loading model"),
        ])
    )
    static let vllm = here(
        "vllm",
        .openAIWords.with([
            .badRequest: .init(400, 400, "BadRequestError", "Invalid value."),
            .notFound: .init(404, 404, "NotFoundError", "The model `sim` does not exist."),
        ])
    )
    static let lmStudio = here("lm-studio")
    static let compatible = here("openai-compatible")
}
