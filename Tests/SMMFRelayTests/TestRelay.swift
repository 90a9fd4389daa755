// SPDX-License-Identifier: MIT

import Logging
import NIOCore
import NIOPosix
import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTesting
import SMMFWire
import Testing

/// Takes the first eligible instance, so that tests know who is asked first.
struct FirstPolicy: RoutingPolicy {
    let name = "first"

    func pick(from candidates: [RoutingCandidate], sequence: UInt64, random: UInt64) -> Int? {
        candidates.firstIndex { $0.isEligible }
    }
}

/// A relay on loopback, with the operations of the API server and a few local routes.
struct TestRelay: Sendable {
    let server: RelayServer
    let port: Int
    /// Load counters by instance name; kept across tables, as the gateway keeps them.
    let loads: [String: InstanceLoad]

    static let operations = [
        RelayOperation(
            name: "chat",
            path: "/v1/chat/completions",
            upstreamPath: "/v1/chat/completions",
            shape: .messages,
            kinds: [.language]
        ),
        RelayOperation(
            name: "embeddings",
            path: "/v1/embeddings",
            upstreamPath: "/v1/embeddings",
            shape: .input,
            kinds: [.embedding]
        ),
        RelayOperation(
            name: "rerank",
            path: "/v1/rerank",
            upstreamPath: "/v1/rerank",
            shape: .documents,
            kinds: [.rerank]
        ),
        RelayOperation(
            name: "chat",
            path: "/v1/messages",
            upstreamPath: "/v1/messages",
            shape: .messages,
            dialect: anthropic,
            kinds: [.language]
        ),
        RelayOperation(
            name: "chat",
            path: "/v1beta/models/",
            upstreamPath: "/v1beta/models/",
            shape: .object,
            dialect: gemini,
            kinds: [.language],
            suffix: ":streamGenerateContent",
            passesBytes: false
        ),
        RelayOperation(
            name: "transcription",
            path: "/v1/audio/transcriptions",
            upstreamPath: "/v1/audio/transcriptions",
            shape: .form,
            kinds: [.transcription]
        ),
    ]

    static let anthropic = Dialect(rawValue: AnthropicClient().name)
    static let gemini = Dialect(rawValue: GeminiClient().name)

    static let translations = TranslationTable(
        [.init("rerank", from: .openAI, to: .tei): OperationTranslation(from: JinaRerank(), to: TEIRerank())],
        clients: [.openAI: OpenAIChatClient(), anthropic: AnthropicClient(), gemini: GeminiClient()],
        backends: [.openAI: OpenAIChatBackend(), anthropic: AnthropicBackend()],
        errors: [
            anthropic: { AnthropicClient().error($0).bytes }, gemini: { GeminiClient().error($0).bytes },
        ]
    )

    static let localRoutes = [
        LocalRoute(.get, "/health") { _ in LocalResponse(body: Array(#"{"status":"ok"}"#.utf8)) },
        LocalRoute(.get, "/v1/models/", isPrefix: true) { request in
            LocalResponse(body: Array(request.path.utf8), fields: [("x-query", request.query)])
        },
        LocalRoute(.post, "/echo") { request in LocalResponse(contentType: "text/plain", body: request.body) },
    ]

    func connect() async throws -> RawClient { try await RawClient.connect(port) }

    func entry(_ name: String, _ upstreams: [Int], otherwise: RouteEntry.Availability = .serving) throws -> RouteEntry {
        let instances = upstreams.enumerated().map { index, port in
            RouteInstance(
                id: InstanceID("i\(index)"),
                endpoint: Endpoint(host: "127.0.0.1", port: port),
                load: loads["i\(index)"] ?? InstanceLoad()
            )
        }
        let model = try ModelName(name)
        let group = RouteGroup(model: model, policy: FirstPolicy(), instances: instances)
        return RouteEntry(name: model, kind: .language, groups: [group], otherwise: otherwise)
    }

    /// Routes the model `m` to instances on these ports.
    func publish(_ upstreams: [Int], otherwise: RouteEntry.Availability = .unavailable("stopped")) async throws {
        await server.publish(RoutingTable([try entry("m", upstreams, otherwise: otherwise)]))
    }

    /// Routes the model `m` to one instance.
    func publish(endpoint: Endpoint) async throws {
        let instance = RouteInstance(id: InstanceID("i0"), endpoint: endpoint, load: loads["i0"] ?? InstanceLoad())
        let model = try ModelName("m")
        let group = RouteGroup(model: model, policy: FirstPolicy(), instances: [instance])
        let entry = RouteEntry(name: model, kind: .language, groups: [group], otherwise: .unavailable("stopped"))
        await server.publish(RoutingTable([entry]))
    }

    /// Routes a model to instances that call it `served`; one with a key is an instance of the test's provider.
    func publish(
        _ name: String,
        _ ports: [Int],
        kind: ModelKind = .language,
        dialect: Dialect = .openAI,
        keys: [String] = [],
        path: String = "",
        served: String = "inner"
    ) async throws {
        let model = try ModelName(name)
        let instances = try ports.enumerated().map { index, port in
            let key = keys.indices.contains(index) ? keys[index] : nil
            return RouteInstance(
                id: InstanceID("i\(index)"),
                endpoint: Endpoint(host: "127.0.0.1", port: port, path: path),
                servedName: served,
                dialect: dialect,
                load: loads["i\(index)"] ?? InstanceLoad(),
                access: try key.map { ProviderAccess(provider: "test", key: try Secret($0)) },
                rest: key.map { _ in InstanceRest() }
            )
        }
        let group = RouteGroup(model: model, policy: FirstPolicy(), instances: instances)
        let entry = RouteEntry(name: model, kind: kind, groups: [group], otherwise: .unavailable("stopped"))
        await server.publish(RoutingTable([entry]))
    }

    /// Waits until no request is in flight, and checks that every place was given back.
    func settle() async throws {
        try await eventually("all requests have ended") { await server.metrics().inFlight == 0 }
        for (name, load) in loads { #expect(load.inFlight == 0, "the load of \(name)") }
    }

    var traffic: ModelTraffic {
        get async { await traffic(of: "m") }
    }

    func traffic(of model: String) async -> ModelTraffic { await server.metrics().models[model] ?? ModelTraffic() }
}

/// Runs a test with a relay on each transport, which is stopped afterwards.
func withRelay(
    loops: Int = 1,
    localRoutes: [LocalRoute] = TestRelay.localRoutes,
    accessLog: AccessLog? = nil,
    _ configure: (inout RelayConfiguration) -> Void = { _ in },
    _ test: (TestRelay) async throws -> Void
) async throws {
    for transport in RelayTransport.allCases {
        var configuration = RelayConfiguration(port: 0)
        configuration.transport = transport
        configuration.loops = loops
        configuration.timeouts.afterFailure = .zero
        // Hundreds of tests share few cores; those that are about this deadline set their own.
        configuration.timeouts.connect = .seconds(60)
        configure(&configuration)
        try await run(configuration, localRoutes, accessLog, test)
    }
}

private func run(
    _ configuration: RelayConfiguration,
    _ localRoutes: [LocalRoute],
    _ accessLog: AccessLog?,
    _ test: (TestRelay) async throws -> Void
) async throws {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = RelayServer(
        configuration: configuration,
        operations: TestRelay.operations,
        localRoutes: localRoutes,
        translations: TestRelay.translations,
        providers: ["test": TestProvider()],
        accessLog: accessLog,
        logger: logger
    )
    let address = try await server.start()
    let loads = Dictionary(uniqueKeysWithValues: (0..<4).map { ("i\($0)", InstanceLoad()) })
    let result: Result<Void, any Error>
    do {
        try await test(TestRelay(server: server, port: address.port, loads: loads))
        result = .success(())
    } catch { result = .failure(error) }
    await server.drain(deadline: .zero)
    try result.get()
}
