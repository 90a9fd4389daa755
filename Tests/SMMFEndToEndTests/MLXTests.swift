// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import SMMFTestFleet
import SMMFTesting
import Testing

/// The demo model on real mlx-lm, which knows models by their folders only and tells nothing of its load.
@Suite("Real mlx-lm", .serialized)
struct MLXTests {
    @Test("answers and streams under the public name, restarts, and is gone afterwards")
    func life() async throws {
        try await TestFleet.run(.inProcess, realEngines: true) { fleet in
            let spec = EngineSpec(engine: "mlx", source: "\(BuildProducts.root)/models/demo/hf")
            try await fleet.deploy(Deployment(name: try ModelName("mlx-demo"), backend: .engine(spec)))
            try await fleet.wait(for: "mlx-demo", toBe: "ready")
            let answer = try await fleet.chat("mlx-demo", "Hello!", extra: ["temperature": 0, "max_tokens": 16])
            let text = answer.document["choices"]?.elements?.first?["message"]?["content"]?.text ?? ""
            #expect(answer.status == 200 && !text.isEmpty, "\(answer)")
            #expect(try await !fleet.streamedText("mlx-demo", "Hello!").isEmpty)

            let before = try await fleet.model("mlx-demo").instances.first?.processID
            let _: ModelStatus = try await fleet.controller.call(.post, "/v1/deployments/mlx-demo/restart")
            try await eventually("another process serves") {
                let instances = try await fleet.model("mlx-demo").instances
                return instances.contains { $0.state == .ready && $0.processID != before }
            }
            let _: ModelStatus = try await fleet.controller.call(.post, "/v1/deployments/mlx-demo/stop")
            try await fleet.wait(for: "mlx-demo", toBe: "offline")
        }
    }
}
