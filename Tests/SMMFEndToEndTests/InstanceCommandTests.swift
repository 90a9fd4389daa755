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

/// What a person asks of one instance on the command line.
@Suite("Instances on the command line", .serialized)
struct InstanceCommandTests {
    /// A simulated engine under a worker, with limits that any machine can give.
    private func simulated() throws -> Deployment {
        let flags = [BuildProducts.simulator, "--port", "{port}", "--model", "{name}", "--tokens", "3"]
        let spec = EngineSpec(
            engine: "openai-compatible",
            source: "",
            arguments: flags,
            environment: ["PROVIDER_API_KEY": "s3cret", "SHOWN": "yes"],
            limits: ResourceLimits(memory: 1024, cores: .count(1), niceness: 1)
        )
        return Deployment(name: try ModelName("sim"), backend: .engine(spec))
    }

    private func smmf(_ fleet: TestFleet, _ arguments: String...) async -> ServerProcess {
        let process = ServerProcess(
            BuildProducts.smmf,
            arguments,
            environment: ["SMMF_CONTROL": fleet.control.authority]
        )
        await process.end()
        return process
    }

    @Test("describe shows command, environment without secrets, limits, states and the last failure")
    func describe() async throws {
        try await TestFleet.run(.loopback) { fleet in
            try await fleet.deploy(simulated())
            try await fleet.wait(for: "sim", toBe: "ready")
            let instance = try #require(await fleet.model("sim").instances.first)
            for name in ["sim", instance.id.text] {
                let page = await smmf(fleet, "model", "describe", name)
                let text = page.lines.joined(separator: "\n")
                #expect(page.exitCode == 0, "\(page.lines)")
                #expect(text.contains("smmf-sim --port") && text.contains("SHOWN=yes"), "\(text)")
                #expect(text.contains("PROVIDER_API_KEY=(hidden)") && !text.contains("s3cret"))
                #expect(text.contains("1024 MB") && text.contains("niceness") && text.contains(" ready"))
            }
            let json = await smmf(fleet, "model", "describe", "sim", "--json").lines.joined(separator: "\n")
            let document = try ControlJSON.decode(JSONValue.self, from: Array(json.utf8))
            #expect(document["descriptions"]?.elements?.first?["command"]?.elements?.isEmpty == false)
            #expect(document["deployment"]?["name"]?.text == "sim" && !json.contains("s3cret"))
            // The engine is killed, and the page says so.
            let process = try #require(instance.processID)
            kill(process, SIGKILL)
            try await eventually("it runs again") {
                let now = try await fleet.model("sim").instances.first
                return now?.state == .ready && now?.restarts == 1
            }
            let after = await smmf(fleet, "model", "describe", instance.id.text).lines
            #expect(after.contains { $0.contains("last failure") && $0.contains("killed") }, "\(after)")
            #expect(after.contains { $0.contains("next step") } && after.contains { $0.contains(" failed, ") })
        }
    }

    @Test("an instance is restarted, put offline and online, and drained, by its name")
    func orders() async throws {
        try await TestFleet.run(.loopback) { fleet in
            try await fleet.deploy(simulated())
            try await fleet.wait(for: "sim", toBe: "ready")
            let first = try #require(await fleet.model("sim").instances.first)
            let id = first.id.text
            #expect(await smmf(fleet, "model", "restart", id).lines.last == "\(id) is ready.")
            // Nothing took its place meanwhile. The controller hears of its workers once a second.
            try await eventually("the same instance has another process") {
                let now = try await fleet.model("sim").instances
                return now.map(\.id) == [first.id] && now.first?.processID != first.processID
            }
            #expect(await smmf(fleet, "model", "offline", id).lines.last == "\(id) is stopped.")
            try await fleet.wait(for: "sim", toBe: "stopped")
            #expect(try await fleet.model("sim").instances.map(\.isKept) == [true])
            #expect(await smmf(fleet, "model", "restart", id).exitCode == 1)
            #expect(await smmf(fleet, "model", "online", id).lines.last == "\(id) is ready.")
            #expect(await smmf(fleet, "model", "drain", id).lines.last == "\(id) is gone.")
            try await fleet.wait(for: "sim", toBe: "ready")
            #expect(try await fleet.model("sim").instances.map(\.id) != [first.id])
            #expect(await smmf(fleet, "model", "drain", "sim").lines.last?.hasPrefix("sim is offline") == true)
            let unknown = await smmf(fleet, "model", "drain", "nobody")
            #expect(unknown.exitCode == 1 && unknown.lines.first == "smmf: There is no model nobody.")
        }
    }

    @Test("logs are followed over restarts, and end with their model")
    func follow() async throws {
        try await TestFleet.run(.loopback) { fleet in
            try await fleet.deploy(simulated())
            try await fleet.wait(for: "sim", toBe: "ready")
            let id = try #require(await fleet.model("sim").instances.first?.id.text)
            let follower = ServerProcess(
                BuildProducts.smmf,
                ["model", "logs", "sim", "--follow"],
                environment: ["SMMF_CONTROL": fleet.control.authority]
            )
            func beginnings() -> Int { follower.lines.count { $0.contains("listening on") } }
            try await eventually("the first lines are shown") { beginnings() == 1 }
            #expect(await smmf(fleet, "model", "restart", id).exitCode == 0)
            try await eventually("the instance's second run is shown") { beginnings() == 2 }
            #expect(await smmf(fleet, "model", "restart", "sim").exitCode == 0)
            try await eventually("the next instance is shown") { beginnings() == 3 }
            #expect(!follower.hasEnded)
            #expect(await smmf(fleet, "model", "remove", "sim").exitCode == 0)
            await follower.end()
            #expect(
                follower.exitCode == 0 && follower.lines.last?.contains("sim is gone.") == true,
                "\(follower.lines)"
            )
        }
    }
}
