// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTestFleet
import SMMFTesting
import Testing

@Suite("Models that are loaded on demand", .serialized)
struct OnDemandTests {
    @Test("the first request loads it, idleness unloads it", arguments: [TestFleet.Depth.inProcess, .loopback])
    func onDemand(depth: TestFleet.Depth) async throws {
        try await TestFleet.run(depth, realEngines: true) { fleet in
            var demo = try BuildProducts.demo()
            demo.unloadAfter = 2
            try await fleet.deploy(demo)
            try await fleet.deploy(Deployment(name: try ModelName("second"), backend: .route(RouteSpec([demo.name]))))
            try await fleet.wait(for: "demo", toBe: "unloaded")
            // Another process's API server learns of the model a moment later.
            try await eventually("the API server knows it") {
                try await fleet.chat("second", "Hello!", extra: ["max_tokens": 8]).status != 404
            }
            // A name that stands for it loads it as well.
            for name in ["demo", "second"] {
                let answer = try await fleet.chat(name, "Hello!", extra: ["max_tokens": 8])
                #expect(answer.status == 200, "\(answer)")
                try await eventually("its memory is known") {
                    try await fleet.model("demo").instances.first?.memory ?? 0 > 1 << 20
                }
                try await fleet.wait(for: "demo", toBe: "unloaded")
                try await eventually("nothing of it is left") { try await fleet.model("demo").instances.isEmpty }
            }
        }
    }
}
