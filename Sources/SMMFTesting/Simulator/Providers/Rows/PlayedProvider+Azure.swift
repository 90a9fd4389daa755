// SPDX-License-Identifier: MIT

import SMMFWire

/// Azure's two ways to OpenAI's models, and its catalogue of others'.
extension PlayedProvider {
    private static let words = PlayedWords.openAIWords.with([
        // Codes may be statuses; a rate is called a quota.
        .badKey: .init(
            401,
            "401",
            nil,
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key."
        ),
        .rateLimit: .init(
            429,
            "429",
            nil,
            "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded "
                + "token rate limit of your current OpenAI S0 pricing tier. Please retry after 6 seconds."
        ).after("6"),
        .contentFilter: .init(
            400,
            "content_filter",
            nil,
            "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
            more: [
                "param": "prompt", "status": 400,
                "innererror": [
                    "code": "ResponsibleAIPolicyViolation",
                    "content_filter_result": ["sexual": ["filtered": true, "severity": "high"]],
                ],
            ]
        ),
        .notFound: .init(
            404,
            "DeploymentNotFound",
            nil,
            "The API deployment for this resource does not exist. If you created the deployment within the last 5 "
                + "minutes, please wait a moment and try again."
        ),
        .denied: .init(403, "403", nil, "Access denied due to Virtual Network/Firewall rules."),
    ]).without(.quota)

    private static func wire(inPath: Bool) -> PlayedOpenAI {
        var wire = PlayedOpenAI()
        wire.reasoning = .hidden
        wire.saysNullUsage = true
        wire.choiceExtra = ["content_filter_results": [:]]
        wire.hasModelInPath = inPath
        // The first chunk tells what the prompt's filter found, and nothing else.
        let found: JSONTree = [
            "choices": [], "created": 0, "id": "", "model": "", "object": "",
            "prompt_filter_results": [
                ["prompt_index": 0, "content_filter_results": ["hate": ["filtered": false, "severity": "safe"]]]
            ],
        ]
        wire.opening = [PlayedReply.Frame(found)]
        return wire
    }

    static let azure = PlayedProvider("azure", base: "/openai/v1", wire: wire(inPath: false), words: words) {
        $0.auth = .fieldOrBearer("api-key")
    }

    static let azureDeployments = PlayedProvider(
        "azure-deployments",
        auth: .fieldOrBearer("api-key"),
        words: words,
        routes: [
            versioned(.chat("/openai/deployments/{model}/chat/completions", wire(inPath: true))),
            versioned(.embeddings("/openai/deployments/{model}/embeddings")),
        ]
    )

    static let azureFoundry = PlayedProvider(
        "azure-foundry",
        base: "/openai/v1",
        wire: wire(inPath: false),
        words: words
    ) {
        $0.auth = .fieldOrBearer("api-key")
    }

    /// The same with the query that names the API's version.
    private static func versioned(_ route: PlayedRoute) -> PlayedRoute {
        PlayedRoute(route.method, route.pattern) { call throws(PlayedError) in
            guard call.query["api-version"] != nil else {
                throw PlayedError(.notFound, "Resource not found")
            }
            return try route.make(call)
        }
    }
}
