// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTestFleet
import SMMFTesting
import Testing

/// Libraries that others wrote for other APIs, unmodified, against an API server. What each asks for, and what it must get,
/// stands in its script in `Tests/Clients`.
@Suite("Official clients", .serialized)
struct OfficialClientTests {
    private static let scripts: [(name: String, path: String)] = [
        ("openai_client", "/v1"), ("openai_responses", "/v1"), ("anthropic_client", ""), ("gemini_client", ""),
        ("ollama_client", ""), ("langchain_client", "/v1"), ("litellm_client", ""),
    ]

    private func run(_ script: String, _ address: String, _ model: String) async {
        let file = "\(BuildProducts.root)/Tests/Clients/\(script).py"
        let client = ServerProcess(BuildProducts.python, [file, address, model])
        await client.end()
        #expect(client.lines.last == "\(script.split(separator: "_").joined(separator: " ")): ok", "\(client.lines)")
    }

    @Test("every client talks to the real llama.cpp, in process and over processes")
    func realEngine() async throws {
        for depth in [TestFleet.Depth.inProcess, .processes] {
            try await TestFleet.run(depth, realEngines: true) { fleet in
                try await fleet.deploy(BuildProducts.demo())
                try await fleet.wait(for: "demo", toBe: "ready")
                for script in depth == .inProcess ? Self.scripts : Array(Self.scripts.prefix(1)) {
                    await run(script.name, "\(fleet.api)\(script.path)", "demo")
                }
            }
        }
    }

    @Test("Cohere's client ranks")
    func ranks() async throws {
        try await PlayedFleet.run("cohere", kind: .rerank) { fleet, _ in
            await run("cohere_client", "\(fleet.api)", "m")
        }
    }
}
