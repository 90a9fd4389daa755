// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import SMMFTestFleet
import SMMFTesting
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// API keys the whole way: made on the command line, used with the official client, counted, and revoked.
@Suite("API keys in a fleet", .serialized)
struct KeyFleetTests {
    private func smmf(_ fleet: TestFleet, _ arguments: String...) async throws -> [String] {
        let environment = ["SMMF_CONTROL": fleet.control.authority]
        let process = ServerProcess(BuildProducts.smmf, arguments, environment: environment)
        await process.end()
        guard process.exitCode == 0 else { throw SMMFError(.internal, "\(arguments): \(process.lines)") }
        return process.lines
    }

    /// Makes a key with these flags and returns its secret.
    private func create(_ fleet: TestFleet, _ name: String, _ flags: String...) async throws -> String {
        let process = ServerProcess(
            BuildProducts.smmf,
            ["key", "create", name] + flags,
            environment: ["SMMF_CONTROL": fleet.control.authority]
        )
        await process.end()
        return try #require(process.lines.first { $0.hasPrefix("sk-smmf-") }, "\(process.lines)")
    }

    /// What the official client meets with each `SECRET=MODEL=EXPECTED`: how it ended, the requests left, and the models
    /// that the key sees.
    private func ask(_ fleet: TestFleet, _ cases: String...) async -> [String] {
        let script = "\(BuildProducts.root)/Tests/Clients/openai_keys.py"
        let client = ServerProcess(BuildProducts.python, [script, "\(fleet.api)/v1"] + cases)
        await client.end()
        return client.lines
    }

    @Test(
        "create, use, be limited and be revoked, with the official client",
        arguments: [TestFleet.Depth.inProcess, .processes]
    )
    func officialClient(depth: TestFleet.Depth) async throws {
        try await TestFleet.run(depth) { fleet in
            for name in ["sim", "other"] {
                try await fleet.deploy(BuildProducts.simulated(name, ["--tokens", "3"]))
                try await fleet.wait(for: name, toBe: "ready")
            }
            // Without any key a server on this machine is open.
            try await eventually("the model answers") { try await fleet.chat("sim").status == 200 }
            let app = try await create(fleet, "app", "--model", "si*", "--requests-per-minute", "1")
            try await eventually("a key is asked for") { try await fleet.chat("sim").status == 401 }
            let met = await ask(
                fleet,
                "\(app)=sim=allowed",
                "\(app)=sim=limited",
                "\(app)=other=forbidden",
                "sk-smmf-wrong=sim=unknown"
            )
            #expect(met == ["allowed 0 sim", "limited - sim", "forbidden - sim", "unknown - "])

            let listed = try await smmf(fleet, "key", "list")
            #expect(listed.count == 2 && listed[1].contains("1 requests/min"), "\(listed)")
            #expect(!listed.joined().contains(app))
            _ = try await smmf(fleet, "key", "revoke", "app")
            try await eventually("the key is refused") { try await self.status(fleet, app) == 401 }
            #expect(await ask(fleet, "\(app)=sim=unknown") == ["unknown - "])
            // A revoked key keeps the server closed; only when it is forgotten the server is as it was.
            #expect(try await fleet.chat("sim").status == 401)
            let id = try #require(try await keys(fleet).first?.id.text)
            _ = try await smmf(fleet, "key", "revoke", id, "--forget")
            try await eventually("the server is open again") { try await fleet.chat("sim").status == 200 }
        }
    }

    @Test("a server that other machines can reach asks for a key from the start, and says how to make one")
    func exposed() async throws {
        let folder = try TemporaryFolder()
        let local = "127.0.0.1:0"
        let server = ServerProcess(
            BuildProducts.smmf,
            ["serve", "--api", "0.0.0.0:0", "--control", local, "--worker", local, "--data", folder.path]
        )
        let url = try await server.text(after: "API server")
        let hint = try await server.text(after: "It asks for an API key;")
        #expect(url.hasPrefix("http://0.0.0.0:") && hint == "make one with: smmf key create NAME")
        let port = try #require(url.split(separator: ":").last.flatMap { Int($0) })
        let plain = PlainHTTP(http: SharedHTTP())
        for (path, status) in [("/health", 200), ("/metrics", 401), ("/v1/models", 401)] {
            let endpoint = Endpoint(host: "127.0.0.1", port: port)
            let answer = try await plain.get(endpoint, path: path, timeout: .seconds(10), limit: 1 << 20)
            #expect(answer.status == status, "\(path)")
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(status == 200 || text.contains("smmf key create NAME"), "\(text)")
        }
        server.send(SIGTERM)
        await server.end()
    }

    private func status(_ fleet: TestFleet, _ secret: String) async throws -> Int {
        try await fleet.plain.post(
            fleet.api,
            path: "/v1/chat/completions",
            json: ["model": "sim", "max_tokens": 3, "messages": [["role": "user", "content": "hello"]]],
            bearer: secret,
            timeout: .seconds(60),
            limit: 1 << 20
        ).status
    }

    private func keys(_ fleet: TestFleet) async throws -> [KeyStatus] {
        try await fleet.controller.call(.get, "/v1/keys")
    }

    @Test("a budget is counted over restarts of the API server and the controller")
    func budget() async throws {
        try await TestFleet.run(.processes) { fleet in
            try await fleet.deploy(BuildProducts.simulated("sim", ["--tokens", "3"]))
            try await fleet.wait(for: "sim", toBe: "ready")
            let secret = try await create(fleet, "app", "--budget", "1000/month")
            try await eventually("a key is asked for") { try await fleet.chat("sim").status == 401 }
            #expect(try await status(fleet, secret) == 200)
            try await eventually("what it cost is known to the controller") {
                try await keys(fleet).first.map { $0.spent > 0 && $0.spent == $0.spentOfBudget } ?? false
            }
            // Another server has spent the rest.
            let key = try #require(try await keys(fleet).first)
            let day = BudgetPeriod.day(of: key.created)
            let rest = SpendingReport(
                server: "another",
                number: 1,
                entries: [.init(key: key.id, day: day, tokens: 990)]
            )
            let spent: [KeySpent] = try await fleet.controller.call(.post, "/v1/spending", body: rest)
            #expect(spent.first?.spending.total == key.spent + 990)
            try await eventually("the budget is spent") { try await status(fleet, secret) == 429 }
            #expect(await ask(fleet, "\(secret)=sim=spent") == ["spent - sim"])

            fleet.processes["controller"]?.send(SIGKILL)
            _ = try await fleet.processes.startAgain("controller").text(after: "controller")
            #expect(try await status(fleet, secret) == 429)
            let after = try await keys(fleet).first
            #expect((after?.spent ?? 0) >= key.spent + 990 && after?.prefix == key.prefix)
            #expect(try await fleet.metric("smmf_key_refusals_total{reason=\"budget\"}") >= 2)
            #expect(try await fleet.metric("smmf_key_requests_total{key=\"\(key.id)\"}") >= 1)
            #expect(try await fleet.metric("smmf_key_requests_in_flight{key=\"\(key.id)\"}") == 0)
            let tokens = "smmf_key_tokens_total{key=\"\(key.id)\",kind=\"reported\"}"
            // A request more may have passed before the news of the other server's spending came.
            try await eventually("controller and API server agree") {
                try await keys(fleet).first.map { Double($0.spent - 990) } == (try await fleet.metric(tokens))
            }
        }
    }
}
