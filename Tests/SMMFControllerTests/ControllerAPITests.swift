// SPDX-License-Identifier: MIT

import Logging
import SMMFControlHTTP
import SMMFCore
import SMMFRegistries
import SMMFTesting
import Testing

@testable import SMMFController

/// The control API through a real server and client, and its OpenAPI document against the server.
@Suite("Controller API")
struct ControllerAPITests {
    private func withServer(_ body: @escaping @Sendable (ControlClient) async throws -> Void) async throws {
        let controller = try await ControllerTests().make()
        let worker = ScriptedWorker("w")
        try await controller.join(WorkerStatus(id: worker.id, engines: ["llama.cpp"]), agent: worker)
        let registry = MemoryRegistry()
        let routes = ControllerAPI.routes(controller) + RegistryAPI.routes(registry, revealsSecrets: true)
        let (ports, report) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let server = ControlServer(
            routes: routes + [OpenAPIDocument.route(title: "t", version: "1", for: routes)],
            address: ListenAddress(port: 0),
            token: "secret",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { report.yield($0) }
        let http = SharedHTTP()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await server.run() }
            let port = try #require(await ports.first { _ in true })
            let base = Endpoint(host: "127.0.0.1", port: port)
            try await body(ControlClient(base: base, token: "secret", http: http))
            let stranger = ControlClient(base: base, http: http)
            await #expect(throws: SMMFError.self) {
                let _: [ModelStatus] = try await stranger.call(.get, "/v1/deployments")
            }
            group.cancelAll()
        }
    }

    @Test("deploy, describe, stop and remove work over HTTP")
    func manage() async throws {
        try await withServer { client in
            let name = try ModelName("org/model:7b")
            let path = "/v1/deployments/\(PercentCoding.encode(name.text))"
            let wanted = Deployment(name: name, backend: .engine(EngineSpec(engine: "llama.cpp", source: "/m.gguf")))
            let created: ModelStatus = try await client.call(.put, path, body: wanted)
            #expect(created.deployment.name == name)
            let stopped: ModelStatus = try await client.call(.post, path + "/stop")
            #expect(stopped.deployment.desired == .offline)
            try await client.send(.delete, path)
            let missing = await #expect(throws: SMMFError.self) {
                let _: ModelStatus = try await client.call(.get, path)
            }
            #expect(missing?.code == .notFound)
        }
    }

    @Test("secrets of a deployment are not listed, and one that was read so can be sent back")
    func secrets() async throws {
        try await withServer { client in
            var wanted = Deployment(
                name: .example,
                backend: .engine(
                    EngineSpec(
                        engine: "llama.cpp",
                        source: "/m.gguf",
                        arguments: ["--api-key", "s3cret"],
                        environment: ["HF_TOKEN": "s3cret", "PLAIN": "yes"]
                    )
                )
            )
            let path = "/v1/deployments/\(PercentCoding.encode(wanted.name.text))"
            let created: ModelStatus = try await client.call(.put, path, body: wanted)
            let listed: [ModelStatus] = try await client.call(.get, "/v1/deployments")
            for shown in [created] + listed {
                let text = String(decoding: try ControlJSON.encode(shown), as: UTF8.self)
                #expect(!text.contains("s3cret") && text.contains("yes"))
            }
            let again: ModelStatus = try await client.call(.put, path, body: created.deployment)
            #expect(again.deployment.generation == created.deployment.generation, "nothing has changed")
            wanted.backend = .engine(
                EngineSpec(engine: "llama.cpp", source: "/m.gguf", environment: ["HF_TOKEN": "(hidden)"])
            )
            wanted.name = try ModelName("another")
            let refused = await #expect(throws: SMMFError.self) {
                let _: ModelStatus = try await client.call(.put, "/v1/deployments/another", body: wanted)
            }
            #expect(refused?.field == "environment.HF_TOKEN")
        }
    }

    @Test("bad bodies are refused with the field")
    func badBodies() async throws {
        try await withServer { client in
            let path = "/v1/deployments/x"
            let cases: [(JSONValue, String)] = [
                (["name": "x"], "backend"),
                (["name": "x", "backend": ["engine": ["name": "llama.cpp", "sorce": "/m"]]], "backend.engine.sorce"),
                (["name": "x", "backend": ["endpoints": ["ftp://x"]]], "endpoints"),
                (["name": 7, "backend": [:]], "name"),
                (["name": "other", "backend": ["endpoints": ["http://127.0.0.1:1"]]], "name"),
                (["name": "x", "polcy": "y", "backend": ["endpoints": ["http://127.0.0.1:1"]]], "polcy"),
            ]
            for (body, field) in cases {
                let error = await #expect(throws: SMMFError.self) { try await client.send(.put, path, body: body) }
                #expect(error?.field == field, "\(body): \(String(describing: error))")
                #expect(error?.code == .invalidRequest)
            }
        }
    }

    @Test("the document names every path, and every path that it names exists")
    func document() async throws {
        try await withServer { client in
            let document: JSONValue = try await client.call(.get, "/openapi.json")
            guard case .object(let paths)? = document["paths"] else { throw LawViolation("no paths in the document") }
            #expect(paths.count >= 12)
            for (path, operations) in paths {
                guard case .object(let methods) = operations else { continue }
                for (method, operation) in methods {
                    let concrete = path.replacing("{name}", with: "nobody").replacing("{id}", with: "nobody")
                    let verb = try #require(ControlRoute.Method(rawValue: method.uppercased()))
                    do {
                        let answer = try await client.bytes(verb, concrete)
                        if operation["responses"]?["200"] != nil {
                            _ = try ControlJSON.decode(JSONValue.self, from: answer)
                        }
                    } catch let error as SMMFError {
                        // Every refusal must come from the operation itself, never from a path that is not there.
                        #expect(!error.message.contains("nothing at this path"), "\(method) \(path)")
                    }
                }
            }
        }
    }
}
