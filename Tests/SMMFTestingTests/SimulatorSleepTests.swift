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

    private func status(_ engine: SimulatedEngine, _ request: String) async throws -> String {
        String(try await exchange(engine, request).head.dropFirst("HTTP/1.1 ".count).prefix(3))
    }

    @Test func `vLLM sleeps only when it was started for it, and generates nothing then`() async throws {
        try await SimulatedEngine.running(script(.vllm, canSleep: false)) { engine in
            #expect(try await status(engine, post("/sleep?level=1", "{}")) == "404")
        }
        try await SimulatedEngine.running(script(.vllm)) { engine in
            #expect(try await exchange(engine, get("/is_sleeping")).body == #"{"is_sleeping":false}"#)
            #expect(try await status(engine, post("/sleep?level=1&mode=wait", "{}")) == "200")
            #expect(try await exchange(engine, get("/is_sleeping")).body == #"{"is_sleeping":true}"#)
            #expect(try await status(engine, get("/health")) == "200")
            let client = try await WireClient.connect(to: engine.port)
            try await client.send(post("/v1/chat/completions", plainChat))
            #expect(try await status(engine, post("/wake_up", "{}")) == "200")
            #expect(try await exchange(engine, post("/v1/chat/completions", plainChat)).body.contains("tok15"))
            await client.close()
        }
    }

    @Test func `LMDeploy refuses requests while it sleeps`() async throws {
        try await SimulatedEngine.running(script(.lmDeploy, canSleep: false)) { engine in
            #expect(try await status(engine, post("/sleep?level=1", "{}")) == "200")
            #expect(try await status(engine, post("/v1/chat/completions", plainChat)) == "503")
            #expect(try await status(engine, post("/wakeup", "{}")) == "200")
            #expect(try await status(engine, post("/v1/chat/completions", plainChat)) == "200")
        }
    }

    @Test func `SGLang dies of giving its memory up twice, or of taking back what it has`() async throws {
        for path in ["/release_memory_occupation", "/resume_memory_occupation"] {
            try await SimulatedEngine.running(script(.sglang)) { engine in
                #expect(try await status(engine, post("/release_memory_occupation", "")) == "422")
                #expect(try await exchange(engine, post("/release_memory_occupation", "{}")).body == "null")
                if path.contains("resume") {
                    #expect(try await exchange(engine, post(path, "{}")).body == "null")
                    #expect(try await status(engine, post("/v1/chat/completions", plainChat)) == "200")
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
            #expect(try await status(engine, post("/v1/chat/completions", plainChat)) == "200")
        }
    }
}
