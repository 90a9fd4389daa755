// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTestFleet
import SMMFTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Tools that others wrote, and clients that behave oddly, against an API server process in front of a simulated engine.
@Suite("Client tools", .serialized)
struct ClientToolTests {
    @Test("curl, wrk and clients that behave oddly get what is theirs and harm nobody")
    func clients() async throws {
        var script = SimulatorScript()
        script.tokens = 5
        script.slots = 1_000
        let engine = try await SimulatedEngine.start(script)
        try await TestFleet.run(.processes) { fleet in
            let endpoint = Endpoint(host: "127.0.0.1", port: engine.port)
            try await fleet.deploy(Deployment(name: ModelName("sim"), backend: .endpoints([endpoint])))
            try await eventually("it is served") { try await fleet.chat("sim").status == 200 }
            for call in Self.calls { try await curl(call.arguments, "\(fleet.api)\(call.path)", call.expected, fleet) }
            try await wrk([], "\(fleet.api)/health")
            let file = try fleet.write(Self.luaScript, to: "post.lua")
            try await wrk(["-s", file], "\(fleet.api)/v1/chat/completions")
            let client = ServerProcess(
                BuildProducts.python,
                ["\(BuildProducts.root)/Tests/Clients/raw_client.py", fleet.api.host, "\(fleet.api.port)", "sim"]
            )
            await client.end()
            #expect(client.lines == ["raw client: ok"])
            try await eventually("nothing is in flight") {
                try await fleet.metric("smmf_requests_in_flight") == 0 && engine.stats.active == 0
            }
        }
        await engine.stop()
    }

    private static let body = #"{"model":"sim","messages":[{"role":"user","content":"hi"}]}"#
    private static let streaming = #"{"model":"sim","messages":[{"role":"user","content":"hi"}],"stream":true}"#

    /// A call of curl, and what its output must have.
    private static let calls: [(arguments: [String], path: String, expected: [String])] = [
        (["--http1.1", "-i"], "/v1/models", ["HTTP/1.1 200 OK", #""id":"sim""#]),
        (["--http1.0", "-i"], "/v1/models", ["HTTP/1.1 200 OK", "connection: close", #""id":"sim""#]),
        (["--http1.1", "-I"], "/health", ["HTTP/1.1 200 OK", "content-length: 15"]),
        (
            ["--http1.1", "-i", "-X", "OPTIONS"], "/v1/chat/completions",
            ["HTTP/1.1 204 No Content", "allow: POST, OPTIONS"]
        ),
        (["--http1.1", "-d", body], "/v1/chat/completions", [#""finish_reason":"stop""#, #""completion_tokens":5"#]),
        (["--http1.0", "-d", body], "/v1/chat/completions", [#""finish_reason":"stop""#]),
        (["--http1.1", "-N", "-d", streaming], "/v1/chat/completions", [#""delta":{"content""#, "data: [DONE]"]),
        (["--http1.0", "-N", "-d", streaming], "/v1/chat/completions", [#""delta":{"content""#, "data: [DONE]"]),
        (
            ["--http1.1", "-H", "Transfer-Encoding: chunked", "-H", "Expect: 100-continue", "-v", "-d", body],
            "/v1/chat/completions", ["HTTP/1.1 100 Continue", #""finish_reason":"stop""#]
        ),
        (["--http1.1", "-i", "-d", "{"], "/v1/chat/completions", ["HTTP/1.1 400 Bad Request", "invalid_json"]),
        (
            ["--http1.1", "-w", "%{num_connects} %{http_code}\n", "-o", "/dev/null", "URL/health", "-o", "/dev/null"],
            "/health", ["1 200", "0 200"]
        ),
    ]

    private static let luaScript = """
        wrk.method = "POST"
        wrk.headers["content-type"] = "application/json"
        wrk.body = '\(body)'
        """

    private func curl(_ arguments: [String], _ url: String, _ expected: [String], _ fleet: TestFleet) async throws {
        let own = arguments.map { $0.replacing("URL", with: fleet.api.description) }
        // Only whole lines are kept of a process.
        let process = ServerProcess("/usr/bin/curl", ["-sS", "-m", "60", "-w", "\n"] + own + [url])
        await process.end()
        #expect(process.exitCode == 0, "\(own): \(process.lines)")
        let output = process.lines.joined(separator: "\n")
        for text in expected { #expect(output.contains(text), "\(own): \(process.lines)") }
    }

    /// A second of requests without one error.
    private func wrk(_ arguments: [String], _ url: String) async throws {
        let own = ["-t", "1", "-c", "32", "-d", "1s", "--timeout", "30s"] + arguments + [url]
        let process = ServerProcess("/usr/bin/wrk", own)
        await process.end()
        #expect(process.exitCode == 0 && process.lines.contains { $0.contains("requests in") }, "\(process.lines)")
        #expect(!process.lines.contains { $0.contains("Non-2xx") || $0.contains("Socket errors") }, "\(process.lines)")
    }
}

extension TestFleet {
    /// Writes a file into the fleet's folder and returns its path.
    fileprivate func write(_ text: String, to name: String) throws -> String {
        let path = "\(folder)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }
}
