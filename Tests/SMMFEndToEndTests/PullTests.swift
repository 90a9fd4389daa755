// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTestFleet
import SMMFTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `smmf model pull` as people and programs use it, and the simulated hub that it is tested with, by the hubs' own clients.
@Suite("Pulled models", .serialized)
struct PullTests {
    private static func content(_ count: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: 11)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    @Test("the clients of Hugging Face and ModelScope download from the simulated hub")
    func clients() async throws {
        let folder = try TemporaryFolder()
        let file = HubRepository.File(Array(#"{"a":1}"#.utf8))
        var gated = HubRepository("a/gated", ["config.json": file])
        gated.access = .gated
        let files: [String: HubRepository.File] = [
            "config.json": file, "sub/model.safetensors": .init(Self.content(200_000), isLarge: true),
        ]
        try await SimulatedHub.running([HubRepository("a/b", files), gated]) { hub in
            let script = "\(BuildProducts.root)/Tests/Clients/hub_clients.py"
            let client = ServerProcess(BuildProducts.python, [script, hub.endpoint, "a/b", folder.path])
            await client.end()
            #expect(client.lines.last == "hub clients: ok", "\(client.lines.suffix(20))")
            let toStorage = hub.requests.filter { $0.isToStorage }
            #expect(!toStorage.isEmpty)
        }
    }

    @Test("a name of the catalog is pulled, listed, deployed by its name, and removed")
    func catalog() async throws {
        let demo = try #require(FileManager.default.contents(atPath: BuildProducts.demoModel))
        let files = ["Qwen3-0.6B-Q8_0.gguf": HubRepository.File(Array(demo), isLarge: true)]
        try await SimulatedHub.running([HubRepository("Qwen/Qwen3-0.6B-GGUF", files)]) { hub in
            try await TestFleet.run(.inProcess, realEngines: true) { fleet in
                let environment = [
                    "SMMF_CONTROL": fleet.control.authority, "SMMF_DATA": fleet.folder, "HF_ENDPOINT": hub.endpoint,
                ]
                func run(_ arguments: String...) async -> ServerProcess {
                    let process = ServerProcess(BuildProducts.smmf, ["model"] + arguments, environment: environment)
                    await process.end()
                    return process
                }
                let early = await run("deploy", "qwen3-0.6b", "--engine", "llama.cpp")
                #expect(early.exitCode == 1 && early.lines.contains { $0.contains("Run smmf model pull qwen3-0.6b") })
                let pull = await run("pull", "qwen3-0.6b", "--engine", "llama.cpp", "--json")
                #expect(pull.exitCode == 0 && pull.lines.last?.contains(#""isComplete":true"#) == true, "\(pull.lines)")
                #expect(pull.lines.contains { $0.contains(#""state":"listing""#) })
                let list = await run("pulled")
                #expect(
                    list.lines.contains { $0.hasPrefix("qwen3-0.6b  ") && $0.contains("  here  ") },
                    "\(list.lines)"
                )
                let deploy = await run("deploy", "qwen3-0.6b", "--engine", "llama.cpp", "--context", "512")
                #expect(deploy.lines.last?.hasPrefix("qwen3-0.6b is ready") == true, "\(deploy.lines)")
                let describe = await run("describe", "qwen3-0.6b")
                #expect(describe.lines.contains { $0.contains("/models/hf/Qwen/Qwen3-0.6B-GGUF/") })
                let source = await run("deploy", "hf:Qwen/Qwen3-0.6B-GGUF", "--name", "again", "--context", "512")
                #expect(source.lines.last?.hasPrefix("again is ready") == true, "\(source.lines)")
                let removal = await run("pull", "qwen3-0.6b", "--remove")
                #expect(removal.exitCode == 0 && removal.lines.first?.contains("is removed") == true)
                #expect(await run("pulled", "--json").lines == ["[", "", "]"])
            }
        }
    }

    @Test("a killed pull goes on where it was, and a wrong name is answered with a near one")
    func killed() async throws {
        let folder = try TemporaryFolder()
        let content = Self.content(20 << 20)
        let files = ["m.bin": HubRepository.File(content, isLarge: true)]
        try await SimulatedHub.running([HubRepository("a/b", files)]) { hub in
            let environment = ["SMMF_DATA": folder.path, "HF_ENDPOINT": hub.endpoint]
            hub.fail("m.bin", [.stall(after: 18 << 20)])
            let first = ServerProcess(BuildProducts.smmf, ["model", "pull", "hf:a/b"], environment: environment)
            try await hub.stalled(1)
            // Every eight megabytes a pull notes what is here.
            try await eventually("a part is noted") {
                let list = ServerProcess(BuildProducts.smmf, ["model", "pulled", "--json"], environment: environment)
                await list.end()
                return list.lines.contains { $0.contains("\"size\" : 1") }
            }
            first.send(9)
            await first.end()
            let second = ServerProcess(BuildProducts.smmf, ["model", "pull", "hf:a/b"], environment: environment)
            await second.end()
            #expect(second.exitCode == 0, "\(second.lines)")
            let range = hub.requests.filter { $0.isToStorage }.last?.fields["range"]
            #expect(range?.hasPrefix("bytes=1") == true && range?.hasSuffix("-\(content.count - 1)") == true)
            #expect(FileManager.default.contents(atPath: "\(folder.path)/models/hf/a/b/m.bin") == Data(content))
            let wrong = ServerProcess(BuildProducts.smmf, ["model", "pull", "qwen3-9b"], environment: environment)
            await wrong.end()
            #expect(wrong.exitCode == 1 && wrong.lines.contains { $0.contains("qwen3-8b") })
        }
    }
}
