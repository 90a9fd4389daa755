// SPDX-License-Identifier: MIT

import SMMFWire

/// A provider as the simulator plays it: where it answers what, how it knows its callers, and its words for errors.
///
/// A provider is a row in `Rows`, made of a wire of `Wires` with the provider's own differences, and one line in ``all``.
public struct PlayedProvider: Sendable {
    /// The name, as in `--provider`.
    public let name: String
    /// The path of its documented base URL.
    public var base: String
    var auth = PlayedAuth.bearer
    var routes: [PlayedRoute]
    /// Fields of every good answer.
    var fields: [(name: String, value: String)] = []
    var words: PlayedWords

    /// Every provider that can be played.
    public static let all: [PlayedProvider] = [
        .openAI, .azure, .azureDeployments, .azureFoundry, .gemini, .geminiNative, .vertex, .vertexNative,
        .anthropic, .bedrock, .bedrockOpenAI, .mistral, .groq, .xai, .together, .fireworks, .openRouter, .nvidia,
        .cohere, .jina, .voyage, .aimlapi,
        .tongyi, .dashScope, .deepSeek, .moonshot, .moonshotInternational, .zhipu, .zai, .baichuan, .qianfan, .wenxin,
        .spark, .sparkX, .siliconFlow, .miniMax, .volcengine, .hunyuan, .stepFun, .yi, .gitee, .infiniAI,
        .ollamaCloud, .ollama, .llamaServer, .vllm, .lmStudio, .compatible,
    ]

    /// The provider with this name.
    public static func named(_ name: String) -> PlayedProvider? { all.first { $0.name == name } }

    /// A provider of OpenAI's shape: chat and embeddings behind its base, and more routes.
    init(
        _ name: String,
        base: String,
        wire: PlayedOpenAI = PlayedOpenAI(),
        words: PlayedWords = .usual,
        routes: [PlayedRoute] = [],
        change: (inout PlayedProvider) -> Void = { _ in }
    ) {
        self.name = name
        self.base = base
        self.words = words
        self.routes =
            routes + [
                .chat("\(base)/chat/completions", wire), .embeddings("\(base)/embeddings"), .models("\(base)/models"),
            ]
        change(&self)
    }

    /// A provider whose API is its own.
    init(
        _ name: String,
        base: String = "",
        auth: PlayedAuth,
        words: PlayedWords,
        fields: [(name: String, value: String)] = [],
        routes: [PlayedRoute]
    ) {
        self.name = name
        self.base = base
        self.auth = auth
        self.words = words
        self.fields = fields
        self.routes = routes
    }

    /// The answer to a request.
    func answer(_ call: PlayedCall) -> PlayedReply {
        do throws(PlayedError) {
            for route in routes where route.method == call.method {
                guard let model = route.model(in: call.path) else { continue }
                if !route.isOpen { try auth.check(call) }
                var call = call
                call.model = model
                if !call.bytes.isEmpty {
                    guard let body = try? JSONTree(call.bytes) else {
                        throw PlayedError(.badRequest, "We could not parse the JSON body of your request.")
                    }
                    call.body = body
                }
                return try route.make(call)
            }
            throw PlayedError(.notFound, "Unknown request URL: \(call.method) \(call.path).")
        } catch {
            return refusal(error)
        }
    }

    /// An error as a document with its status.
    func refusal(_ error: PlayedError) -> PlayedReply {
        let entry = words.entry(error)
        var reply = PlayedReply(words.body(entry), status: entry.status)
        reply.fields = entry.fields
        reply.isError = true
        return reply
    }
}
