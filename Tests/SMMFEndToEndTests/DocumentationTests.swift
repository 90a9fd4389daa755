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

/// Runs what the README tells its reader to type.
@Suite("Documentation", .serialized)
struct DocumentationTests {
    /// The lines of the README's `sh` blocks.
    private func commands() throws -> [String] {
        let data = try #require(FileManager.default.contents(atPath: "\(BuildProducts.root)/README.md"))
        var commands: [String] = []
        var isInside = false
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("```") {
                isInside = line == "```sh"
            } else if isInside {
                commands.append(String(line))
            }
        }
        return commands
    }

    @Test("every make target that the README names exists")
    func makeTargets() throws {
        let makefile = try #require(FileManager.default.contents(atPath: "\(BuildProducts.root)/Makefile"))
        let text = "\n" + String(decoding: makefile, as: UTF8.self)
        let targets = try commands().filter { $0.hasPrefix("make ") }.map { String($0.dropFirst("make ".count)) }
        #expect(targets == ["serve", "test"])
        for target in targets { #expect(text.contains("\n\(target):"), "\(target)") }
    }

    @Test("every command of the README works on the demo, in its order")
    func readme() async throws {
        // What the README pulls is the demo model here.
        let demo = try #require(FileManager.default.contents(atPath: BuildProducts.demoModel))
        let files = ["Qwen3-0.6B-Q8_0.gguf": HubRepository.File(Array(demo), isLarge: true)]
        let hub = try await SimulatedHub.start([HubRepository("Qwen/Qwen3-0.6B-GGUF", files)])
        try await TestFleet.run(.inProcess, realEngines: true) { fleet in
            try await fleet.deploy(BuildProducts.demo())
            try await fleet.wait(for: "demo", toBe: "ready")
            let environment = [
                "SMMF_CONTROL": fleet.control.authority, "SMMF_API": fleet.api.authority, "SMMF_DATA": fleet.folder,
                "PATH": "\(BuildProducts.folder):/usr/local/bin:/usr/bin:/bin", "HF_ENDPOINT": hub.endpoint,
            ]
            let commands = try commands().filter { !$0.hasPrefix("make ") }
            #expect(commands.count >= 14)
            for command in commands {
                let line = command.replacing("http://127.0.0.1:8100", with: fleet.api.description)
                let process = ServerProcess(
                    "/bin/sh",
                    ["-c", "cd '\(BuildProducts.root)' && \(line)"],
                    environment: environment
                )
                await process.end()
                #expect(process.exitCode == 0, "\(command): \(process.lines)")
                #expect(!process.lines.isEmpty, "\(command) says nothing")
                if command.hasPrefix("curl") { #expect(process.lines.contains("data: [DONE]"), "\(process.lines)") }
            }
        }
        await hub.stop()
    }
}
