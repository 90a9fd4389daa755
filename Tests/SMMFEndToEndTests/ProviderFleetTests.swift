// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import SMMFTestFleet
import SMMFTesting
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

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

    @Test("without a configuration keys in the environment are served, and a configuration ends that")
    func zeroConfiguration() async throws {
        let folder = try TemporaryFolder()
        let http = SharedHTTP()
        let ports = [
            "--api", "127.0.0.1:0", "--control", "127.0.0.1:0", "--worker", "127.0.0.1:0", "--data", folder.path,
        ]
        /// The models of a server with these flags beside.
        func models(_ flags: [String]) async throws -> String {
            let server = ServerProcess(
                BuildProducts.smmf,
                ["serve"] + ports + flags,
                environment: ["ANTHROPIC_API_KEY": Self.good, "OPENAI_API_KEY": ""]
            )
            let api = try Endpoint(try await server.text(after: "API server"))
            let isFound = flags.isEmpty
            var page = ""
            try await eventually("the models are served") {
                let answer = try await PlainHTTP(http: http).get(
                    api,
                    path: "/v1/models",
                    timeout: .seconds(5),
                    limit: 1 << 20
                )
                page = String(decoding: answer.body, as: UTF8.self)
                return page.contains("anthropic/claude") == isFound
            }
            #expect(server.lines.contains { $0.contains("ANTHROPIC_API_KEY for Anthropic: anthropic/") } == isFound)
            #expect(!server.lines.joined().contains(Self.good))
            server.send(SIGTERM)
            await server.end()
            return page
        }
        #expect(try await models([]).contains("anthropic/claude-haiku-4-5"))
        // Its files are its owner's alone.
        var status = stat()
        #expect(stat(folder.file("smmf.sqlite"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(try await !models(["--no-discover"]).contains("anthropic/"))
        let empty = try folder.write("", to: "empty.toml")
        #expect(try await !models(["--config", empty]).contains("anthropic/"))
    }

    @Test("shares of a route are kept, and its cost is counted where it has one price")
    func shares() async throws {
        var script = SimulatorScript()
        script.tokens = 4
        let engine = try await SimulatedEngine.start(script)
        let deployments = """
            [[models]]
            name = "a"
            provider = "openai"
            source = "gpt-4o"
            base_url = "http://127.0.0.1:\(engine.port)/v1"
            api_key = "sk-1"
            [[models]]
            name = "b"
            endpoints = ["http://127.0.0.1:\(engine.port)"]
            [[models]]
            name = "both"
            route = [{ model = "a", weight = 1 }, { model = "b", weight = 1 }]
            [[models]]
            name = "cheap"
            route = ["a", "b"]
            prefer = "cost"
            spill_above = 50
            [[prices]]
            provider = "openai"
            model = "gpt-4o"
            input = 0
            output = 1000000
            """
        try await TestFleet.run(.inProcess, configuration: deployments) { fleet in
            try await eventually("the models are served") { try await fleet.chat("a").status == 200 }
            let before = try await fleet.metric("smmf_cost_usd_total{model=\"a\",estimated=\"false\"}")
            #expect(before == 4)
            _ = try await fleet.chat("a")
            #expect(try await fleet.metric("smmf_cost_usd_total{model=\"a\",estimated=\"false\"}") == 8)
            for model in ["both", "cheap"] {
                try await eventually("\(model) is served") { try await fleet.chat(model).status == 200 }
            }
            var instances: [String: Set<String>] = [:]
            for _ in 0..<30 {
                for model in ["both", "cheap"] {
                    let answer = try await fleet.plain.call(
                        fleet.api,
                        path: "/v1/chat/completions",
                        body: Array(
                            "{\"model\":\"\(model)\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}".utf8
                        ),
                        timeout: .seconds(20),
                        limit: 1 << 20
                    )
                    instances[model, default: []].insert(answer.fields["smmf-instance"] ?? "")
                }
            }
            #expect(instances["both"]?.count == 2, "\(instances)")
            #expect(instances["cheap"] == ["b@127.0.0.1:\(engine.port)"], "\(instances)")
            #expect(try await fleet.metric("smmf_cost_usd_total{model=\"both\",estimated=\"false\"}") == 0)
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
