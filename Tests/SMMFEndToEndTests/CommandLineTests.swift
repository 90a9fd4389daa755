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

/// The `smmf` program as people and scripts use it.
@Suite("Command line", .serialized)
struct CommandLineTests {
    private func smmf(_ arguments: String..., environment: [String: String] = [:]) async -> ServerProcess {
        let process = ServerProcess(BuildProducts.smmf, arguments, environment: environment)
        await process.end()
        return process
    }

    @Test("a wrong configuration exits with 2, the line and a suggestion")
    func wrongConfiguration() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("[server]\napi = \"127.0.0.1:1\"\nwroker = \"x\"\n", to: "bad.toml")
        for arguments in [["config", "check"], ["serve"]] {
            let process = ServerProcess(BuildProducts.smmf, arguments + ["--config", file])
            await process.end()
            #expect(process.exitCode == 2)
            #expect(process.lines == ["smmf: \(file):3: server.wroker is unknown.", "  Did you mean worker?"])
        }
    }

    @Test("the example passes the check")
    func example() async throws {
        let folder = try TemporaryFolder()
        let example = await smmf("config", "example")
        let file = try folder.write(example.lines.joined(separator: "\n"), to: "smmf.toml")
        let check = await smmf("config", "check", "--config", file)
        #expect(check.exitCode == 0, "\(check.lines)")
    }

    @Test("usage errors exit with 2, a missing server with 1 and what to do")
    func exits() async throws {
        #expect(await smmf("modle").exitCode == 2)
        #expect(await smmf("model", "deploy").exitCode == 2)
        #expect(await smmf("--help").exitCode == 0)
        #expect(await smmf("version").lines == ["smmf 0.1.0"])
        let list = await smmf("model", "list", "--control", "127.0.0.1:\(try FreePort.next())")
        #expect(list.exitCode == 1)
        #expect(list.lines.contains { $0.contains("smmf serve") })
        let open = await smmf("serve", "--control", "0.0.0.0:0")
        #expect(open.exitCode == 2)
        #expect(open.lines.first?.contains("no token is set") == true)
    }

    @Test("completions are printed for each shell", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) async {
        let process = await smmf("completions", shell)
        #expect(process.exitCode == 0)
        #expect(process.lines.contains { $0.contains("smmf") })
    }

    @Test("deploy, list, describe, logs, chat, stop, start, restart and remove")
    func models() async throws {
        try await TestFleet.run(.inProcess) { fleet in
            let control = ["SMMF_CONTROL": fleet.control.authority, "SMMF_API": fleet.api.authority]
            func run(_ arguments: String...) async -> ServerProcess {
                let process = ServerProcess(BuildProducts.smmf, arguments, environment: control)
                await process.end()
                return process
            }
            let flags = [BuildProducts.simulator, "--port", "{port}", "--model", "{name}", "--tokens", "3"]
            let deploy = ServerProcess(
                BuildProducts.smmf,
                ["model", "deploy", "--name", "sim", "--engine", "openai-compatible"]
                    + flags.flatMap { ["--arg", $0] },
                environment: control
            )
            await deploy.end()
            #expect(deploy.exitCode == 0, "\(deploy.lines)")
            #expect(deploy.lines.last?.hasPrefix("sim is ready") == true)
            #expect(await run("model", "list").lines.contains { $0.hasPrefix("sim  ") && $0.contains(" ready ") })
            #expect(await run("model", "list", "--json").lines.contains { $0.contains("\"state\" : \"ready\"") })
            #expect(await run("model", "describe", "sim").lines.contains { $0.contains("127.0.0.1:") })
            #expect(await run("model", "logs", "sim").lines.contains { $0.contains("listening on") })
            try await eventually("the API server serves it") {
                await run("model", "chat", "sim", "hello").lines == ["tok0 tok1 tok2"]
            }
            #expect(await run("model", "stop", "sim").lines.last?.hasPrefix("sim is offline") == true)
            let refused = await run("model", "chat", "sim", "hello")
            #expect(refused.exitCode == 1)
            #expect(await run("model", "start", "sim").lines.last?.hasPrefix("sim is ready") == true)
            #expect(await run("model", "restart", "sim").lines.last?.hasPrefix("sim is ready") == true)
            #expect(await run("model", "remove", "sim").lines == ["sim is removed."])
            let gone = await run("model", "describe", "sim")
            #expect(gone.exitCode == 1)
            #expect(gone.lines.first == "smmf: There is no model sim.")
        }
    }

    @Test("a chat streams, is interrupted without leaving, and remembers what was said")
    func chat() async throws {
        let engine = try await SimulatedEngine.start(.slow)
        try await TestFleet.run(.inProcess) { fleet in
            let endpoint = Endpoint(host: "127.0.0.1", port: engine.port)
            try await fleet.deploy(Deployment(name: ModelName("slow"), backend: .endpoints([endpoint])))
            try await eventually("the model is served") {
                let page = try await fleet.plain.get(
                    fleet.api,
                    path: "/v1/models",
                    timeout: .seconds(5),
                    limit: 1 << 20
                )
                return String(decoding: page.body, as: UTF8.self).contains("\"slow\"")
            }
            let script = "\(BuildProducts.root)/Tests/Clients/chat_interrupt.py"
            let person = ServerProcess(BuildProducts.python, [script, BuildProducts.smmf, "slow", fleet.api.authority])
            await person.end()
            #expect(person.lines == ["chat: ok"])
            // Both interrupted answers were cancelled at the engine, and the second question carried the first.
            _ = try await engine.stats { $0.cancelled == 2 && $0.active == 0 }
            let last = try #require(engine.requests.last)
            #expect(last.text.contains("tell me something long") && last.text.contains("assistant"))
        }
        await engine.stop()
    }

    @Test("a model that cannot start fails the command with the reason")
    func failedDeploy() async throws {
        try await TestFleet.run(.inProcess) { fleet in
            let process = ServerProcess(
                BuildProducts.smmf,
                [
                    "model", "deploy", "--name", "bad", "--engine", "openai-compatible", "--arg", "/no/such/program",
                    "--arg",
                    "{port}",
                ],
                environment: ["SMMF_CONTROL": fleet.control.authority]
            )
            await process.end()
            #expect(process.exitCode == 1)
            #expect(process.lines.contains { $0.contains("/no/such/program") }, "\(process.lines)")
        }
    }
}

extension SimulatorScript {
    /// An answer of a minute, so that there is time to interrupt it.
    fileprivate static var slow: SimulatorScript {
        var script = SimulatorScript()
        script.tokens = 600
        script.tokenInterval = .milliseconds(100)
        script.recorded = 16
        return script
    }
}
