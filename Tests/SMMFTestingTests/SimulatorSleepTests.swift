// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

/// Engines that are put to sleep and woken, as each of them is.
@Suite(.timeLimit(.minutes(1))) struct SimulatorSleepTests {
    private func script(_ dialect: SimulatorDialect, canSleep: Bool = true) -> SimulatorScript {
        var script = SimulatorScript()
        script.dialect = dialect
        script.canSleep = canSleep
        return script
    }

    private func expect(_ engine: SimulatedEngine, _ request: String, _ expected: String) async throws {
        let status = try await exchange(engine, request).head.dropFirst("HTTP/1.1 ".count).prefix(3)
        #expect(status == expected, "\(request.prefix(60))")
    }

    @Test func `vLLM sleeps only when it was started for it, and generates nothing then`() async throws {
        try await SimulatedEngine.running(script(.vllm, canSleep: false)) { engine in
            try await expect(engine, post("/sleep?level=1", "{}"), "404")
        }
        try await SimulatedEngine.running(script(.vllm)) { engine in
            #expect(try await exchange(engine, get("/is_sleeping")).body == #"{"is_sleeping":false}"#)
            try await expect(engine, post("/sleep?level=1&mode=wait", "{}"), "200")
            #expect(try await exchange(engine, get("/is_sleeping")).body == #"{"is_sleeping":true}"#)
            try await expect(engine, get("/health"), "200")
            let client = try await WireClient.connect(to: engine.port)
            try await client.send(post("/v1/chat/completions", plainChat))
            try await expect(engine, post("/wake_up", "{}"), "200")
            #expect(try await exchange(engine, post("/v1/chat/completions", plainChat)).body.contains("tok15"))
            await client.close()
        }
    }

    @Test func `LMDeploy refuses requests while it sleeps`() async throws {
        try await SimulatedEngine.running(script(.lmDeploy, canSleep: false)) { engine in
            try await expect(engine, post("/sleep?level=1", "{}"), "200")
            try await expect(engine, post("/v1/chat/completions", plainChat), "503")
            try await expect(engine, post("/wakeup", "{}"), "200")
            try await expect(engine, post("/v1/chat/completions", plainChat), "200")
        }
    }

    @Test func `SGLang dies of giving its memory up twice, or of taking back what it has`() async throws {
        for path in ["/release_memory_occupation", "/resume_memory_occupation"] {
            try await SimulatedEngine.running(script(.sglang)) { engine in
                try await expect(engine, post("/release_memory_occupation", ""), "422")
                #expect(try await exchange(engine, post("/release_memory_occupation", "{}")).body == "null")
                if path.contains("resume") {
                    #expect(try await exchange(engine, post(path, "{}")).body == "null")
                    try await expect(engine, post("/v1/chat/completions", plainChat), "200")
                }
                let client = try await WireClient.connect(to: engine.port)
                try await client.send(post(path, "{}"))
                #expect(await client.readToEnd().bytes.isEmpty)
            }
        }
    }

    @Test func `one that was not started for it says that all is well and gives nothing up`() async throws {
        try await SimulatedEngine.running(script(.sglang, canSleep: false)) { engine in
            #expect(try await exchange(engine, post("/release_memory_occupation", "{}")).body == "null")
            try await expect(engine, post("/v1/chat/completions", plainChat), "200")
        }
    }
}
