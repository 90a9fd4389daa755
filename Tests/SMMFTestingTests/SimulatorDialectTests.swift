// SPDX-License-Identifier: MIT

import Testing

@testable import SMMFTesting

/// What each dialect says that another one does not; the words are the engines' own.
@Suite("Simulated dialects", .timeLimit(.minutes(1)))
struct SimulatorDialectTests {
    /// A request, and words that must stand in the answer.
    struct Case: Sendable, CustomTestStringConvertible {
        let dialect: SimulatorDialect
        let request: String
        let status: Int
        let says: String
        var change: @Sendable (inout SimulatorScript) -> Void = { _ in }

        var testDescription: String { "\(dialect.rawValue): \(request.prefix { $0 != "\r" })" }
    }

    private static let unknown = #"{"model":"unknown","messages":[{"role":"user","content":"hi"}]}"#
    private static let oneToken = #"{"messages":[{"role":"user","content":"hi"}],"stream":true,"max_tokens":1}"#

    static let cases = [
        Case(
            dialect: .tgi,
            request: post("/v1/chat/completions", oneToken),
            status: 200,
            says: #""delta":{"role":"assistant","content":"tok0"}}],"usage":null}"#
        ),
        Case(
            dialect: .tgi,
            request: post("/generate_stream", #"{"inputs":"a","parameters":{"max_new_tokens":1}}"#),
            status: 200,
            says: #""generated_text":"tok0","details":{"finish_reason":"length","generated_tokens":1"#
        ),
        Case(dialect: .tgi, request: post("/generate", "{}"), status: 422, says: #""error_type":"validation"}"#),
        Case(
            dialect: .tgi,
            request: post("/generate", #"{"inputs":"a"}"#),
            status: 429,
            says: #"{"error":"Model is overloaded","error_type":"overloaded"}"#
        ) {
            $0.status = 429; $0.errorMessage = "Model is overloaded"
        },
        Case(dialect: .tgi, request: get("/info"), status: 200, says: #""max_total_tokens":4096"#),
        Case(dialect: .tgi, request: get("/nothing"), status: 404, says: ""),
        Case(
            dialect: .tensorRT,
            request: post("/v1/chat/completions", "{}"),
            status: 400,
            says: #"{"object":"error","message":"'messages' is required","type":"BadRequestError","#
        ),
        Case(dialect: .tensorRT, request: get("/metrics"), status: 200, says: "[]"),
        Case(dialect: .tensorRT, request: get("/prometheus/metrics"), status: 404, says: #"{"detail":"Not Found"}"#) {
            $0.metrics = false
        },
        Case(
            dialect: .lmDeploy,
            request: post("/v1/chat/completions", unknown),
            status: 404,
            says: #"{"message":"The model 'unknown' does not exist.","type":"not_found_error","code":404"#
        ),
        Case(dialect: .lmDeploy, request: get("/health"), status: 200, says: #"{"status":"healthy"}"#),
        Case(
            dialect: .ollama,
            request: post("/v1/chat/completions", unknown),
            status: 404,
            says:
                #"{"error":{"message":"model 'unknown' not found","type":"not_found_error","param":null,"code":null}}"#
        ),
        Case(
            dialect: .ollama,
            request: post("/api/chat", unknown),
            status: 404,
            says: #"{"error":"model 'unknown' not found"}"#
        ),
        Case(
            dialect: .ollama,
            request: post("/api/generate", #"{"prompt":"a","options":{"num_predict":1}}"#),
            status: 200,
            says: "\n" + #"{"model":"sim","created_at":"2026-11-25T00:00:00Z","response":"","done":true,"#
        ),
        Case(dialect: .ollama, request: get("/"), status: 200, says: "Ollama is running"),
        Case(dialect: .ollama, request: get("/api/tags"), status: 200, says: #"{"models":[{"name":"sim","#),
        Case(dialect: .ollama, request: get("/v1/models/a/b"), status: 404, says: "404 page not found"),
        Case(
            dialect: .tei,
            request: post("/embed", #"{"inputs":["a","b","c"]}"#),
            status: 422,
            says: #"{"error":"batch size 3 > maximum allowed batch size 2","error_type":"Validation"}"#
        ) { $0.batchLimit = 2 },
        Case(
            dialect: .tei,
            request: post("/v1/embeddings", #"{"input":["a","b","c"]}"#),
            status: 422,
            says: #"{"message":"batch size 3 > maximum allowed batch size 2","code":422,"type":"Validation"}"#
        ) { $0.batchLimit = 2 },
        Case(
            dialect: .tei,
            request: post("/rerank", #"{"query":"a","texts":["b","a"],"return_text":true}"#),
            status: 200,
            says: #"[{"index":1,"text":"a","score":1"#
        ),
        Case(dialect: .tei, request: get("/info"), status: 200, says: #""max_client_batch_size":1024"#),
        Case(dialect: .tei, request: get("/v1/models"), status: 404, says: ""),
    ]

    @Test("each says what the engine says", arguments: cases)
    func words(test: Case) async throws {
        var script = SimulatorScript()
        script.dialect = test.dialect
        test.change(&script)
        try await SimulatedEngine.running(script) { engine in
            let reply = try await exchange(engine, test.request)
            #expect(reply.head.hasPrefix("HTTP/1.1 \(test.status) "))
            #expect(test.says.isEmpty ? reply.body.isEmpty : reply.body.contains(test.says), "\(reply.body)")
        }
    }

    @Test("whoever finds no place is told in the engine's words", arguments: SimulatorDialect.all)
    func overload(dialect: SimulatorDialect) async throws {
        var script = SimulatorScript()
        script.dialect = dialect
        script.slots = 1
        script.queueLimit = 0
        script.holdAfter = 1
        let path = dialect == .tei ? "/embed" : "/v1/chat/completions"
        let body = dialect == .tei ? #"{"inputs":["a"]}"# : plainChat
        try await SimulatedEngine.running(script) { engine in
            let first = try await WireClient.connect(to: engine.port)
            try await first.send(post(path, body))
            try await engine.stats(when: { $0.held == 1 })
            let reply = try await exchange(engine, post(path, body))
            #expect(reply.head.hasPrefix("HTTP/1.1 \(dialect.overload.status) "))
            #expect(reply.body.contains(dialect.overload.message))
            await first.close()
        }
    }

    @Test("each program has words for its causes, and refuses a flag that it does not know")
    func programs() throws {
        for dialect in SimulatorDialect.all {
            guard let program = dialect.program else { continue }
            #expect(program.failures.allSatisfy { !$0.lines.isEmpty && ($0.exitCode != 0 || $0.signal != nil) })
            let start = program.words + (program.takesSource ? ["/m"] : [])
            _ = try program.launch(start, environment: [:], script: SimulatorScript())
            let refusal = #expect(throws: SimulatedProgram.Refusal.self) {
                try program.launch(start + ["--bogus"], environment: [:], script: SimulatorScript())
            }
            #expect(refusal?.exitCode != 0 && refusal?.lines.contains { $0.contains("--bogus") } == true)
        }
    }
}
