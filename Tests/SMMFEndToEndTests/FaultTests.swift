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

/// What happens when parts of a running system are killed.
@Suite("Faults", .serialized)
struct FaultTests {
    private func configuration(_ flags: String = "") -> String {
        """
        [[models]]
        name = "sim"
        engine = "openai-compatible"
        arguments = ["\(BuildProducts.simulator)", "--port", "{port}", "--model", "{name}", "--tokens", "5"\(flags)]
        """
    }

    @Test("killing and restarting the controller does not fail one request")
    func controller() async throws {
        try await TestFleet.run(.processes, configuration: configuration()) { fleet in
            try await fleet.wait(for: "sim", toBe: "ready")
            try await eventually("it answers") { try await fleet.chat("sim").status == 200 }
            let instance = try await fleet.model("sim").instances.map(\.id)
            let controller = try #require(fleet.processes["controller"])
            controller.send(SIGKILL)
            await controller.end()
            for _ in 0..<20 { #expect(try await fleet.chat("sim").status == 200) }
            let again = try await fleet.processes.startAgain("controller")
            _ = try await again.text(after: "controller")
            try await eventually("the new controller knows the instance") {
                #expect(try await fleet.chat("sim").status == 200)
                return try await fleet.model("sim").instances.map(\.id) == instance
            }
            #expect(try await fleet.chat("sim").status == 200)
            #expect(try await fleet.model("sim").instances.map(\.id) == instance, "the instance was not replaced")
        }
    }

    @Test("kill -9 of smmf ends its engines within 5 s, and after a restart everything is as before")
    func wholeServer() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(configuration(", \"--ignore-sigterm\", \"--orphan\""), to: "smmf.toml")
        let arguments = [
            "serve", "--config", file, "--data", folder.path, "--api", "127.0.0.1:0",
            "--worker", "127.0.0.1:0",
        ]
        let control = Endpoint(host: "127.0.0.1", port: try FreePort.next())
        let first = ServerProcess(BuildProducts.smmf, arguments + ["--control", control.authority])
        _ = try await first.text(after: "ready")
        let client = ControlClient(base: control, http: SharedHTTP())
        let extra = try BuildProducts.simulated("by-hand")
        let _: ModelStatus = try await client.call(.put, "/v1/deployments/by-hand", body: extra)
        // The API server may say that it is ready before the controller has heard so from the worker.
        try await eventually("the controller knows the engine's process") {
            try await models(client).contains { $0.instances.first?.processID != nil }
        }
        let engine = try #require(try await models(client).compactMap { $0.instances.first?.processID }.first)

        let second = ServerProcess(BuildProducts.smmf, arguments + ["--control", "127.0.0.1:0"])
        await second.end()
        #expect(second.lines.contains { $0.contains("is in use by process \(first.processID)") }, "\(second.lines)")

        first.send(SIGKILL)
        await first.end()
        try await eventually("no engine process is left", within: .seconds(5)) { leftovers(folder.path).isEmpty }
        #expect(kill(engine, 0) != 0)

        let again = ServerProcess(BuildProducts.smmf, arguments + ["--control", control.authority])
        try await eventually("both models serve again") {
            try await models(client).filter { $0.summary == "ready" }.map(\.deployment.name.text) == ["by-hand", "sim"]
        }
        again.send(SIGTERM)
        await again.end()
        try await eventually("a polite end leaves nothing either", within: .seconds(10)) {
            leftovers(folder.path).isEmpty
        }
    }

    @Test("kill -9 of a controller in the middle of writing loses nothing that it had confirmed")
    func killedWhileWriting() async throws {
        let folder = try TemporaryFolder()
        let port = try FreePort.next()
        let arguments = ["start", "controller", "--control", "127.0.0.1:\(port)", "--data", folder.path]
        let client = ControlClient(base: Endpoint(host: "127.0.0.1", port: port), http: SharedHTTP())
        var confirmed: Set<String> = []
        for round in 0..<3 {
            let controller = ServerProcess(BuildProducts.smmf, arguments)
            _ = try await controller.text(after: "controller")
            let known = Set(try await models(client).map(\.deployment.name.text))
            #expect(known.isSuperset(of: confirmed), "lost \(confirmed.subtracting(known))")
            let writer = Task {
                var names: [String] = []
                for number in 0..<10_000 {
                    let name = "m-\(round)-\(number)"
                    let deployment = try BuildProducts.simulated(name)
                    guard let _: ModelStatus = try? await client.call(.put, "/v1/deployments/\(name)", body: deployment)
                    else { break }
                    names.append(name)
                    if number == 20 { controller.send(SIGKILL) }
                }
                return names
            }
            confirmed.formUnion(try await writer.value)
            await controller.end()
        }
        #expect(confirmed.count >= 60)
        let controller = ServerProcess(BuildProducts.smmf, arguments)
        _ = try await controller.text(after: "controller")
        let known = Set(try await models(client).map(\.deployment.name.text))
        #expect(known.isSuperset(of: confirmed), "lost \(confirmed.subtracting(known))")
        controller.send(SIGTERM)
        await controller.end()
        #expect(controller.exitCode == 0)
    }

    @Test("a thousand streams, a third of them cancelled: counts end at zero and the engine saw every cancellation")
    func cancellations() async throws {
        let script = SimulatorScript.make(tokens: 50, holdAfter: 3, slots: 2_000)
        let engine = try await SimulatedEngine.start(script)
        try await TestFleet.run(.processes) { fleet in
            let endpoint = Endpoint(host: "127.0.0.1", port: engine.port)
            try await fleet.deploy(Deployment(name: ModelName("ext"), backend: .endpoints([endpoint])))
            try await eventually("it is served") {
                let page = try await fleet.plain.get(
                    fleet.api,
                    path: "/v1/models",
                    timeout: .seconds(5),
                    limit: 1 << 20
                )
                return String(decoding: page.body, as: UTF8.self).contains("\"ext\"")
            }
            var resident: [Int] = []
            for _ in 0..<4 {
                try await streams(250, cancelled: 83, fleet, engine)
                resident.append(Self.residentKilobytes(try #require(fleet.processes["apiserver"])))
            }
            try await eventually("nothing is in flight") {
                let instance = "smmf_instance_in_flight{model=\"ext\",instance=\"ext@\(endpoint.authority)\"}"
                let counts = [try await fleet.metric("smmf_requests_in_flight"), try await fleet.metric(instance)]
                return counts == [0, 0]
            }
            #expect(
                try await fleet.metric("smmf_requests_total{model=\"ext\",outcome=\"cancelled\",status=\"200\"}") == 332
            )
            #expect(
                try await fleet.metric("smmf_requests_total{model=\"ext\",outcome=\"completed\",status=\"200\"}") == 668
            )
            let stats = engine.stats
            #expect(stats.cancelled == 332 && stats.finished == 668 && stats.active == 0, "\(stats)")
            // The first rounds fill pools and caches; after that, the API server's memory stays where it is.
            #expect(resident[3] - resident[1] < 8_192, "kilobytes after each round: \(resident)")
        }
        await engine.stop()
    }

    /// Opens `count` streams, hangs up on `cancelled` of them in the middle, and lets the others end.
    private func streams(
        _ count: Int,
        cancelled: Int,
        _ fleet: TestFleet,
        _ engine: SimulatedEngine
    ) async throws {
        let before = engine.stats
        try await withThrowingTaskGroup(of: Void.self) { group in
            let leaving = Gate()
            for index in 0..<count {
                group.addTask {
                    var events = 0
                    let isLeaving = index < cancelled
                    let body: JSONValue = [
                        "model": "ext", "stream": true, "messages": [["role": "user", "content": "hello"]],
                    ]
                    try await fleet.plain.stream(fleet.api, path: "/v1/chat/completions", json: body) { _ in
                        events += 1
                        guard isLeaving, events == 2 else { return true }
                        try await leaving.wait()
                        return false
                    }
                }
            }
            _ = try await engine.stats { $0.held == count }
            leaving.open()
            _ = try await engine.stats { $0.cancelled == before.cancelled + cancelled }
            engine.release()
            try await group.waitForAll()
        }
    }

    private func models(_ client: ControlClient) async throws -> [ModelStatus] {
        try await client.call(.get, "/v1/deployments")
    }

    /// Processes of engines whose worker keeps its data in `folder`, found by the log folder they were started with.
    private func leftovers(_ folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { name in
            guard Int(name) != nil, let data = FileManager.default.contents(atPath: "/proc/\(name)/environ") else {
                return false
            }
            return Self.workerMarker(folder).map { String(decoding: data, as: UTF8.self).contains($0) } ?? false
        }
    }

    private static func workerMarker(_ folder: String) -> String? {
        let id = FileManager.default.contents(atPath: "\(folder)/worker-id")
        return id.map { "SMMF_WORKER=" + String(decoding: $0, as: UTF8.self).filter { !$0.isWhitespace } }
    }

    private static func residentKilobytes(_ process: ServerProcess) -> Int {
        let status = FileManager.default.contents(atPath: "/proc/\(process.processID)/status").map {
            String(decoding: $0, as: UTF8.self)
        }
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
}

extension SimulatorScript {
    fileprivate static func make(tokens: Int, holdAfter: Int, slots: Int) -> SimulatorScript {
        var script = SimulatorScript()
        script.tokens = tokens
        script.holdAfter = holdAfter
        script.slots = slots
        return script
    }
}
