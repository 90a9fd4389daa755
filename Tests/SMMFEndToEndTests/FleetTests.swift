// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import SMMFTestFleet
import SMMFTesting
import Testing

/// The whole way, the same at every depth: in one process, over loopback, and as three processes.
@Suite("Fleet", .serialized)
struct FleetTests {
    @Test("deploy, ask, stop, start, restart and remove", arguments: TestFleet.Depth.allCases)
    func manage(depth: TestFleet.Depth) async throws {
        try await TestFleet.run(depth) { fleet in
            try await fleet.deploy(BuildProducts.simulated("sim", ["--tokens", "5"]))
            try await fleet.wait(for: "sim", toBe: "ready")
            let first = try await fleet.chat("sim")
            #expect(first.status == 200)
            #expect(first.document["model"]?.text == "sim")

            let _: ModelStatus = try await fleet.controller.call(.post, "/v1/deployments/sim/stop")
            try await fleet.wait(for: "sim", toBe: "offline")
            try await eventually("the API server knows that the model is offline") {
                try await fleet.chat("sim").status == 503
            }
            let refused = try await fleet.chat("sim")
            #expect(refused.document["error"]?["message"]?.text?.contains("offline") == true)

            let _: ModelStatus = try await fleet.controller.call(.post, "/v1/deployments/sim/start")
            try await eventually("the model answers again") { try await fleet.chat("sim").status == 200 }
            let before = try await fleet.model("sim").instances.map(\.id)
            let _: ModelStatus = try await fleet.controller.call(.post, "/v1/deployments/sim/restart")
            try await eventually("another instance serves") {
                // While it is replaced, no request fails.
                let answer = try await fleet.chat("sim")
                #expect(answer.status == 200, "\(answer.document)")
                let instances = try await fleet.model("sim").instances
                return instances.count == 1 && instances[0].state == .ready && !before.contains(instances[0].id)
            }
            try await fleet.controller.send(.delete, "/v1/deployments/sim")
            try await eventually("the model is unknown") { try await fleet.chat("sim").status == 404 }
        }
    }

    @Test("a stream arrives in pieces, with usage and a clean end", arguments: TestFleet.Depth.allCases)
    func stream(depth: TestFleet.Depth) async throws {
        try await TestFleet.run(depth) { fleet in
            try await fleet.deploy(BuildProducts.simulated("sim", ["--tokens", "7"]))
            try await fleet.wait(for: "sim", toBe: "ready")
            var events: [String] = []
            try await fleet.plain.stream(
                fleet.api,
                path: "/v1/chat/completions",
                json: [
                    "model": "sim", "stream": true, "stream_options": ["include_usage": true],
                    "messages": [["role": "user", "content": "hello"]],
                ]
            ) { event in
                events.append(event)
                return true
            }
            #expect(events.last == "[DONE]")
            #expect(events.contains { $0.contains("\"usage\"") && $0.contains("\"completion_tokens\":7") })
            #expect(events.count >= 9)
        }
    }

    @Test("a route falls back to the next model when the first has no instance")
    func route() async throws {
        try await TestFleet.run(.inProcess) { fleet in
            try await fleet.deploy(BuildProducts.simulated("first"))
            try await fleet.deploy(BuildProducts.simulated("second"))
            let names = [try ModelName("first"), try ModelName("second")]
            try await fleet.deploy(Deployment(name: ModelName("both"), backend: .route(RouteSpec(names))))
            try await fleet.wait(for: "first", toBe: "ready")
            try await fleet.wait(for: "second", toBe: "ready")
            try await eventually("the route answers") { try await fleet.chat("both").status == 200 }
            #expect(try await fleet.chat("both").document["model"]?.text == "first")
            let _: ModelStatus = try await fleet.controller.call(.post, "/v1/deployments/first/stop")
            try await eventually("the second answers") {
                try await fleet.chat("both").document["model"]?.text == "second"
            }
        }
    }

    @Test("engines that somebody else runs are served, and a dead one costs no request")
    func endpoints() async throws {
        let first = try await SimulatedEngine.start()
        let second = try await SimulatedEngine.start()
        try await TestFleet.run(.inProcess) { fleet in
            let endpoints = [first, second].map { Endpoint(host: "127.0.0.1", port: $0.port) }
            try await fleet.deploy(
                Deployment(name: ModelName("ext"), backend: .endpoints(endpoints), policy: "round-robin")
            )
            try await eventually("it answers") { try await fleet.chat("ext").status == 200 }
            await first.stop()
            for _ in 0..<20 {
                let answer = try await fleet.chat("ext")
                #expect(answer.status == 200, "\(answer.document)")
            }
        }
        await second.stop()
    }
}
