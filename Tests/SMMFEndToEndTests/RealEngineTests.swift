// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import SMMFTestFleet
import SMMFTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The demo model on real llama.cpp.
@Suite("Real llama.cpp", .serialized)
struct RealEngineTests {
    private struct Expectation: Decodable {
        var question: String
        var contains: [String]
    }

    @Test("the demo model answers its questions at temperature 0, streamed and not")
    func answers() async throws {
        let file = "\(BuildProducts.root)/tools/demo-model/expectations.json"
        let data = try #require(FileManager.default.contents(atPath: file))
        let expectations = try JSONDecoder().decode([Expectation].self, from: data)
        #expect(expectations.count >= 15)
        try await TestFleet.run(.inProcess, realEngines: true) { fleet in
            try await fleet.deploy(BuildProducts.demo())
            try await fleet.wait(for: "demo", toBe: "ready")
            for expectation in expectations {
                let answer = try await fleet.chat(
                    "demo",
                    expectation.question,
                    extra: ["temperature": 0, "max_tokens": 800]
                )
                let text = answer.document["choices"]?.elements?.first?["message"]?["content"]?.text ?? ""
                for part in expectation.contains {
                    #expect(text.localizedLowercase(contains: part), "\(expectation.question) → \(text)")
                }
                let streamed = try await fleet.streamedText("demo", expectation.question)
                #expect(streamed == text, "the stream says something else")
            }
        }
    }

    @Test("a killed engine comes back without help, the next request succeeds, and nothing is left of the old one")
    func killedEngine() async throws {
        try await TestFleet.run(.inProcess, realEngines: true) { fleet in
            try await fleet.deploy(BuildProducts.demo())
            try await fleet.wait(for: "demo", toBe: "ready")
            let old = try #require(try await fleet.model("demo").instances.first?.processID)
            kill(old, SIGKILL)
            let answer = try await fleet.chat("demo")
            #expect(answer.status == 200, "\(answer.document)")
            try await eventually("the instance is ready with another process") {
                let instance = try await fleet.model("demo").instances.first
                return instance?.state == .ready && instance?.processID != old
            }
            let instance = try #require(try await fleet.model("demo").instances.first)
            #expect(instance.restarts == 1)
            #expect(instance.failure?.kind == .killed)
            #expect(kill(old, 0) != 0, "the old process is still there")
        }
    }

    @Test("a second copy under another name is usable at once, and each step shows in the list and the registry")
    func secondCopy() async throws {
        try await TestFleet.run(.inProcess, realEngines: true) { fleet in
            try await fleet.deploy(BuildProducts.demo())
            let copy = "\(fleet.folder)/copy.gguf"
            try FileManager.default.copyItem(atPath: BuildProducts.demoModel, toPath: copy)
            var second = try BuildProducts.demo("copy")
            second.backend = .engine(
                EngineSpec(engine: "llama.cpp", source: copy, context: 512, parallel: 1, threads: 1)
            )
            try await fleet.deploy(second)
            try await fleet.wait(for: "copy", toBe: "ready")
            try await fleet.wait(for: "demo", toBe: "ready")
            #expect(try await fleet.chat("copy").status == 200)
            #expect(try await fleet.registryModels() == ["copy", "demo"])
            let _: ModelStatus = try await fleet.controller.call(.post, "/v1/deployments/copy/stop")
            try await fleet.wait(for: "copy", toBe: "offline")
            try await eventually("the registry has let go of it") { try await fleet.registryModels() == ["demo"] }
            try await fleet.controller.send(.delete, "/v1/deployments/copy")
            let models: [ModelStatus] = try await fleet.controller.call(.get, "/v1/deployments")
            #expect(models.map(\.deployment.name.text) == ["demo"])
            #expect(try await fleet.chat("demo").status == 200)
        }
    }

    @Test(
        "a model that cannot start says why, and everything else keeps serving",
        arguments: [
            ("missing.gguf", nil, InstanceFailure.Kind.fileMissing), ("corrupt.gguf", "not a model", .fileCorrupt),
        ]
            as [(String, String?, InstanceFailure.Kind)]
    )
    func badModel(name: String, content: String?, kind: InstanceFailure.Kind) async throws {
        try await TestFleet.run(.inProcess, realEngines: true) { fleet in
            try await fleet.deploy(BuildProducts.demo())
            try await fleet.wait(for: "demo", toBe: "ready")
            let path = "\(fleet.folder)/\(name)"
            if let content { try Data(content.utf8).write(to: URL(filePath: path)) }
            let spec = EngineSpec(engine: "llama.cpp", source: path)
            try await fleet.deploy(Deployment(name: ModelName("bad"), backend: .engine(spec)))
            try await fleet.wait(for: "bad", toBe: "failed")
            let failure = try #require(try await fleet.model("bad").instances.first?.failure)
            #expect(failure.kind == kind, "\(failure)")
            #expect(failure.message.contains(name), "\(failure.message)")
            let refused = try await fleet.chat("bad")
            #expect(refused.status == 503)
            #expect(refused.document["error"]?["message"]?.text?.contains(name) == true, "\(refused.document)")
            #expect(try await fleet.chat("demo").status == 200)
        }
    }
}

extension String {
    fileprivate func localizedLowercase(contains part: String) -> Bool {
        lowercased().contains(part.lowercased())
    }
}
