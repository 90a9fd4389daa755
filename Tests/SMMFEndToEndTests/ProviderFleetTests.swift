// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import SMMFTestFleet
import SMMFTesting
import Testing

/// Providers the whole way, with a simulated server in their place: deployed on the command line, asked, listed.
@Suite("Providers in a fleet", .serialized)
struct ProviderFleetTests {
    private static let good = "sk-good-0123456789"
    private static let bad = "sk-hush-abcdefghijkl"

    private func smmf(_ fleet: TestFleet, _ arguments: [String]) async -> ServerProcess {
        let process = ServerProcess(
            BuildProducts.smmf,
            arguments,
            environment: [
                "SMMF_CONTROL": fleet.control.authority, "SMMF_API": fleet.api.authority, "GOOD": Self.good,
                "BAD": Self.bad, "BROKEN": "sk-hush\nx",
            ]
        )
        await process.end()
        return process
    }

    @Test("a deployment's keys stay hidden; one that is refused rests, and the list says so")
    func keys() async throws {
        var script = SimulatorScript()
        script.apiKey = Self.good
        script.tokens = 2
        script.models = ["upstream"]
        let engine = try await SimulatedEngine.start(script)
        try await TestFleet.run(.inProcess) { fleet in
            let deploy = await smmf(
                fleet,
                [
                    "model", "deploy", "cloud", "--provider", "openai", "--model", "upstream", "--base-url",
                    "http://127.0.0.1:\(engine.port)/v1", "--api-key-env", "GOOD", "--api-key-env", "BAD=9",
                ]
            )
            #expect(deploy.exitCode == 0, "\(deploy.lines)")
            #expect(deploy.lines.last?.hasPrefix("cloud is ready") == true, "\(deploy.lines)")
            // Most requests meet the bad key first, and none of them fails.
            try await eventually("the API server serves it") { try await fleet.chat("cloud").status == 200 }
            try await eventually("the bad key was met") {
                let answer = try await fleet.chat("cloud")
                guard answer.status == 200 else { throw SMMFError(.upstreamFailed, "\(answer)") }
                return await smmf(fleet, ["provider", "list"]).lines.contains { $0.contains("refused") }
            }
            let list = await smmf(fleet, ["provider", "list"])
            #expect(list.lines.count == 3, "\(list.lines)")
            #expect(list.lines.contains { $0.contains("sk-g…6789") && $0.contains(" ready") }, "\(list.lines)")
            #expect(list.lines.contains { $0.contains("sk-h…ijkl") && $0.contains("tried again in") }, "\(list.lines)")
            for arguments in [
                ["provider", "list"], ["provider", "list", "--json"], ["model", "describe", "cloud"],
                ["model", "describe", "cloud", "--json"], ["model", "list"], ["model", "list", "--json"],
            ] {
                let shown = await smmf(fleet, arguments)
                #expect(shown.exitCode == 0, "\(arguments): \(shown.lines)")
                let text = shown.lines.joined()
                #expect(!text.contains(Self.good) && !text.contains(Self.bad), "\(arguments)")
                #expect(text.contains("cloud"), "\(arguments): \(text)")
            }
            let page = try await fleet.plain.get(
                fleet.api,
                path: "/smmf/instances",
                timeout: .seconds(5),
                limit: 1 << 20
            )
            #expect(page.status == 200)
            #expect(!String(decoding: page.body, as: UTF8.self).contains("sk-"))
        }
        await engine.stop()
    }

    @Test("a provider is tried with one call, and the answer is one line")
    func trial() async throws {
        var script = SimulatorScript()
        script.apiKey = Self.good
        script.models = ["gpt-4.1-nano"]
        let engine = try await SimulatedEngine.start(script)
        let base = "http://127.0.0.1:\(engine.port)/v1"
        let nobody = try FreePort.next()
        let cases: [([String], Int32, String)] = [
            (["openai", "--base-url", base, "--api-key-env", "GOOD"], 0, "gpt-4.1-nano answered in"),
            (["openai", "--base-url", base, "--api-key-env", "BAD"], 1, "https://platform.openai.com/api-keys"),
            (["vllm", "--base-url", base, "--api-key-env", "GOOD"], 0, "gpt-4.1-nano answered in"),
            (["together", "--base-url", base, "--api-key-env", "GOOD"], 1, "It lists gpt-4.1-nano"),
            (["ollama", "--base-url", "http://127.0.0.1:\(nobody)"], 1, "Nobody answers"),
            (["openai", "--base-url", "https://127.0.0.1:\(engine.port)", "--api-key-env", "GOOD"], 1, "TLS with"),
            (["openai", "--base-url", "http://no-such-host.invalid", "--api-key-env", "GOOD"], 1, "is unknown"),
            (["opnai"], 1, "Did you mean openai"),
        ]
        for (arguments, code, text) in cases {
            let process = ServerProcess(
                BuildProducts.smmf,
                ["provider", "test"] + arguments,
                environment: ["GOOD": Self.good, "BAD": Self.bad, "HTTPS_PROXY": "http://127.0.0.1:1"]
            )
            await process.end()
            let said = process.lines.joined(separator: "\n")
            #expect(process.exitCode == code, "\(arguments): \(said)")
            #expect(said.contains(text), "\(arguments): \(said)")
            #expect(!said.contains(Self.good) && !said.contains(Self.bad))
        }
        await engine.stop()
    }

    @Test("what is asked wrongly is said without the key")
    func mistakes() async throws {
        try await TestFleet.run(.inProcess) { fleet in
            let cases: [([String], String)] = [
                (["--provider", "opnai", "--api-key-env", "GOOD"], "Did you mean openai"),
                (["--provider", "openai", "--api-key-env", "NOT_THERE"], "NOT_THERE is not set"),
                (["--provider", "openai", "--api-key-env", Self.bad], "not the key"),
                (["--provider", "openai", "--api-key-env", "BROKEN"], "line break"),
                (["--provider", "openai"], "OPENAI_API_KEY"),
                (["--provider", "azure", "--api-key-env", "GOOD"], "resource"),
                (["--provider", "openai", "--api-key-env", "GOOD", "--base-url", "http://u:hush@h/v1"], "password"),
                (["--model", "x"], "--provider"),
            ]
            for (arguments, text) in cases {
                let process = await smmf(fleet, ["model", "deploy", "m"] + arguments)
                #expect(process.exitCode != 0)
                let said = process.lines.joined(separator: "\n")
                #expect(said.contains(text), "\(arguments): \(said)")
                #expect(!said.contains("hush"), "\(said)")
            }
        }
    }
}
