// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

/// Health, models, metrics, keys, dialects, and the simulator's own pages.
@Suite(.timeLimit(.minutes(1))) struct SimulatorPageTests {
    @Test func `a loading engine answers 503 until it is loaded`() async throws {
        var script = SimulatorScript()
        script.loading = true
        try await SimulatedEngine.running(script) { engine in
            for request in [get("/health"), get("/v1/models"), post("/v1/chat/completions", plainChat)] {
                let reply = try await exchange(engine, request)
                #expect(reply.head.hasPrefix("HTTP/1.1 503 "))
                let body = #"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#
                #expect(reply.body == body)
            }
            let loaded = try await exchange(engine, post("/sim/script", #"{"loading":false}"#))
            #expect(loaded.head.hasPrefix("HTTP/1.1 200 "))
            #expect(try await exchange(engine, get("/health")).body == #"{"status":"ok"}"#)
        }
    }

    @Test func `health can fail or hang while everything else works`() async throws {
        var script = SimulatorScript()
        script.health = .failing
        try await SimulatedEngine.running(script) { engine in
            #expect(try await exchange(engine, get("/health")).head.hasPrefix("HTTP/1.1 503 "))
            try await engine.update { $0.health = .hanging }
            let prober = try await WireClient.connect(to: engine.port)
            try await prober.send(get("/health"))
            #expect(try await exchange(engine, post("/v1/chat/completions", plainChat)).body.contains("tok15"))
            await prober.close()
            #expect(await prober.readToEnd().bytes.isEmpty)
        }
    }

    @Test func `the llama dialect has its names`() async throws {
        var script = SimulatorScript()
        script.models = ["m", "n"]
        script.contextLength = 512
        try await SimulatedEngine.running(script) { engine in
            let models = try await exchange(engine, get("/v1/models")).body
            #expect(models.contains(#"{"id":"m","object":"model""#))
            #expect(models.contains(#"{"id":"n","object":"model""#))
            #expect(models.contains(#""n_ctx":512"#))
            #expect(try await exchange(engine, get("/props")).body.contains(#""total_slots":4"#))
            #expect(try await exchange(engine, get("/slots")).body.components(of: "is_processing") == 4)
            let tokens = try await exchange(engine, post("/tokenize", #"{"content":"a b a"}"#)).body
            #expect(tokens.hasPrefix(#"{"tokens":["#))
            #expect(tokens.components(of: ",") == 2)
            let other = #"{"model":"anything","prompt":"a","max_tokens":1}"#
            #expect(try await exchange(engine, post("/v1/completions", other)).body.contains(#""model":"m""#))
            try await engine.update { $0.metrics = false }
            #expect(try await exchange(engine, get("/metrics")).head.hasPrefix("HTTP/1.1 501 "))
        }
    }

    @Test func `the vLLM dialect has its own`() async throws {
        var script = SimulatorScript()
        script.dialect = .vllm
        script.models = ["m"]
        try await SimulatedEngine.running(script) { engine in
            let stream = try await exchange(engine, post("/v1/chat/completions", streamedChat)).events
            #expect(stream[0].contains(#""delta":{"role":"assistant","content":""}"#))
            #expect(stream.count == 19)
            #expect(!stream.joined().contains("timings"))
            let metrics = try await exchange(engine, get("/metrics")).body
            let labels = #"{engine="0",model_name="m"}"#
            #expect(metrics.contains("\nvllm:num_requests_running\(labels) 0\n"))
            #expect(metrics.contains("\nvllm:generation_tokens_total\(labels) 16\n"))
            #expect(metrics.contains("\nvllm:prompt_tokens_total\(labels) 1\n"))
            #expect(try await exchange(engine, get("/v1/models")).body.contains(#""max_model_len":4096"#))
            let tokens = try await exchange(engine, post("/tokenize", #"{"prompt":"a b"}"#)).body
            #expect(tokens.hasPrefix(#"{"count":2,"max_model_len":4096,"#))
            let unknown = try await exchange(engine, post("/v1/completions", #"{"model":"x","prompt":"a"}"#))
            #expect(unknown.head.hasPrefix("HTTP/1.1 404 "))
        }
    }

    @Test func `a key is asked for, except where the dialect leaves the door open`() async throws {
        var script = SimulatorScript()
        script.apiKey = "secret"
        try await SimulatedEngine.running(script) { engine in
            let path = "/v1/chat/completions"
            #expect(try await exchange(engine, post(path, plainChat)).head.hasPrefix("HTTP/1.1 401 "))
            let wrong = post(path, plainChat, headers: ["authorization: Bearer other"])
            #expect(try await exchange(engine, wrong).head.hasPrefix("HTTP/1.1 401 "))
            let right = post(path, plainChat, headers: ["Authorization: Bearer secret"])
            #expect(try await exchange(engine, right).head.hasPrefix("HTTP/1.1 200 "))
            #expect(try await exchange(engine, get("/metrics")).head.hasPrefix("HTTP/1.1 401 "))
            #expect(try await exchange(engine, get("/health")).head.hasPrefix("HTTP/1.1 200 "))
            try await engine.update { $0.dialect = .vllm }
            #expect(try await exchange(engine, get("/metrics")).head.hasPrefix("HTTP/1.1 200 "))
            #expect(try await exchange(engine, get("/v1/models")).head.hasPrefix("HTTP/1.1 401 "))
        }
    }

    @Test func `the port refuses, drops, and opens again where it was`() async throws {
        try await SimulatedEngine.running { engine in
            let port = engine.port
            try await engine.update { $0.refusing = true }
            await #expect(throws: (any Error).self) { try await WireClient.connect(to: port) }
            try await engine.update { $0.refusing = false }
            #expect(engine.port == port)
            #expect(try await exchange(engine, get("/health")).head.hasPrefix("HTTP/1.1 200 "))
            try await engine.update { $0.dropping = true }
            let dropped = try await WireClient.connect(to: port)
            #expect(await dropped.readToEnd().bytes.isEmpty)
            try await engine.crash()
            await #expect(throws: (any Error).self) { try await WireClient.connect(to: port) }
        }
    }

    @Test func `requests are kept as they came, the last ones only`() async throws {
        var script = SimulatorScript()
        script.recorded = 2
        try await SimulatedEngine.running(script) { engine in
            for number in 0..<3 {
                let headers = ["X-Odd-CASE:  v\(number)", "x-twice: a", "X-Twice: b"]
                let body = #"{"prompt": "p\#(number)" }"#
                _ = try await exchange(engine, post("/v1/completions?q=\(number)", body, headers: headers))
            }
            #expect(engine.requests.map(\.uri) == ["/v1/completions?q=1", "/v1/completions?q=2"])
            let last = try #require(engine.requests.last)
            #expect(last.text == #"{"prompt": "p2" }"#)
            #expect(last.headers.contains { $0.name == "X-Odd-CASE" && $0.value == "v2" })
            #expect(last.values(of: "x-twice") == ["a", "b"])
            #expect(try await exchange(engine, get("/sim/requests")).body.contains(#"["X-Odd-CASE","v2"]"#))
        }
    }

    @Test func `the script changes at run time, and goes back`() async throws {
        try await SimulatedEngine.running { engine in
            let change = #"{"tokens":2,"interval-ms":0.5,"write-sizes":[1,5],"api-key":null,"text":"words"}"#
            #expect(try await exchange(engine, post("/sim/script", change)).head.hasPrefix("HTTP/1.1 200 "))
            #expect(engine.script.tokens == 2)
            #expect(engine.script.tokenInterval == .microseconds(500))
            #expect(engine.script.writeSizes == [1, 5])
            #expect(engine.script.text == .words)
            let bad = try await exchange(engine, post("/sim/script", #"{"tokens":3,"slots":0}"#))
            #expect(bad.head.hasPrefix("HTTP/1.1 400 "))
            #expect(bad.body.contains(#"slots cannot be \"0\""#))
            #expect(engine.script.tokens == 2)
            _ = try await exchange(engine, post("/sim/script", #"{"reset":true,"seed":9}"#))
            #expect(engine.script.tokens == 16)
            #expect(engine.script.seed == 9)
        }
    }

    @Test func `the counts stand at their page`() async throws {
        try await SimulatedEngine.running { engine in
            _ = try await exchange(engine, post("/v1/chat/completions", plainChat))
            let page = try await exchange(engine, get("/sim/stats")).body
            let start = #"{"started":1,"finished":1,"cancelled":0,"faulted":0,"active":0,"waiting":0,"peakActive":1,"#
            #expect(page.hasPrefix(start))
            #expect(page.contains(#""tokens":16,"promptTokens":1,"connections":2,"#))
        }
    }
}
