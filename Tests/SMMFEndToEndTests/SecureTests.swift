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

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A whole `smmf serve` that speaks TLS or listens on a Unix socket, against clients that others wrote.
@Suite("TLS, HTTP/2 and Unix sockets", .serialized)
struct SecureTests {
    /// Runs `body` with a server whose file starts with `server`, its address as it is announced, and its folder.
    private func withServer(
        _ server: String,
        models: String,
        api: String = "127.0.0.1:0",
        folder: TemporaryFolder,
        realEngines: Bool = false,
        _ body: (_ url: String) async throws -> Void
    ) async throws {
        if realEngines { try BuildProducts.shareEngines(with: folder.path) }
        let file = try folder.write("[server]\n\(server)\n\(models)", to: "smmf.toml")
        let process = ServerProcess(
            BuildProducts.smmf,
            [
                "serve", "--config", file, "--data", folder.path, "--api", api, "--control", "127.0.0.1:0", "--worker",
                "127.0.0.1:0",
            ]
        )
        do {
            let url = try await process.text(after: "API server")
            _ = try await process.text(after: "ready")
            try await body(url)
        } catch {
            process.send(SIGTERM)
            await process.end()
            throw error
        }
        process.send(SIGTERM)
        await process.end()
        #expect(process.exitCode == 0, "\(process.lines)")
    }

    private func model(_ engine: SimulatedEngine) -> String {
        "[[models]]\nname = \"sim\"\nendpoints = [\"http://127.0.0.1:\(engine.port)\"]\n"
    }

    private static let tls = "[server.tls]\ncertificate = \"server.pem\"\nkey = \"server.key\"\n"
    private static let chat = #"{"model":"sim","stream":true,"messages":[{"role":"user","content":"hello"}]}"#

    @Test("curl with HTTP/1.0, 1.1 and 2 gets whole streams, and h2load no error")
    func curlAndLoad() async throws {
        let certificates = try await TestCertificates()
        let engine = try await SimulatedEngine.start()
        let folder = certificates.folder
        let body = try folder.write(Self.chat, to: "body.json")
        try await withServer(Self.tls, models: model(engine), folder: folder) { url in
            #expect(url.hasPrefix("https://127.0.0.1:"))
            // Whoever asks in HTTP/1.0 is answered in its framing, with the server's own version in the status line.
            for (flag, version) in [("--http1.0", "1.1"), ("--http1.1", "1.1"), ("--http2", "2")] {
                let curl = ServerProcess(
                    "/usr/bin/curl",
                    [
                        flag, "-sN", "--cacert", certificates.certificate("ca"), "-H", "content-type: application/json",
                        "--data-binary", "@\(body)", "-w", "\n%{http_code} %{http_version}\n",
                        "\(url)/v1/chat/completions",
                    ]
                )
                await curl.end()
                #expect(curl.lines.contains("data: [DONE]") && curl.lines.last == "200 \(version)", "\(curl.lines)")
            }
            for flags in [["-c", "4", "-m", "16"], ["-c", "8", "--h1"]] {
                let load = ServerProcess(
                    "/usr/bin/h2load",
                    ["-n", "800", "-d", body, "-H", "content-type: application/json"] + flags
                        + ["\(url)/v1/chat/completions"]
                )
                await load.end()
                let result = load.lines.first { $0.hasPrefix("requests:") } ?? "\(load.lines)"
                #expect(result.contains("800 succeeded, 0 failed, 0 errored"), "\(result)")
            }
        }
        await engine.stop()
    }

    @Test("the official OpenAI client works over https")
    func officialClient() async throws {
        let certificates = try await TestCertificates()
        let demo = "[[models]]\nname = \"demo\"\nengine = \"llama.cpp\"\nsource = \"\(BuildProducts.demoModel)\"\n"
        let settings = "context = 1024\nparallel = 4\nthreads = 1\n"
        try await withServer(Self.tls, models: demo + settings, folder: certificates.folder, realEngines: true) { url in
            let client = ServerProcess(
                BuildProducts.python,
                ["\(BuildProducts.root)/Tests/Clients/openai_client.py", "\(url)/v1", "demo"],
                environment: ["SSL_CERT_FILE": certificates.certificate("ca")]
            )
            await client.end()
            #expect(client.lines == ["openai client: ok"])
        }
    }

    @Test("curl and smmf model chat over a Unix socket, which is gone afterwards")
    func unixSocket() async throws {
        let engine = try await SimulatedEngine.start()
        let folder = try TemporaryFolder()
        let path = folder.file("api.sock")
        try await withServer("", models: model(engine), api: "unix:\(path)", folder: folder) { url in
            #expect(url == "unix:\(path)")
            let curl = ServerProcess(
                "/usr/bin/curl",
                [
                    "-sN", "--unix-socket", path, "-H", "content-type: application/json", "-d", Self.chat,
                    "http://localhost/v1/chat/completions",
                ]
            )
            await curl.end()
            #expect(curl.lines.contains("data: [DONE]"), "\(curl.lines)")
            let chat = ServerProcess(BuildProducts.smmf, ["model", "chat", "sim", "hello", "--api", url])
            await chat.end()
            #expect(chat.exitCode == 0, "\(chat.lines)")
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        await engine.stop()
    }

    @Test("a certificate that cannot be read ends the start with the file and the field")
    func badCertificate() async throws {
        let folder = try TemporaryFolder()
        let server = "[server]\n[server.tls]\ncertificate = \"none.pem\"\nkey = \"none.key\"\n"
        let file = try folder.write(server, to: "smmf.toml")
        let process = ServerProcess(
            BuildProducts.smmf,
            [
                "serve", "--config", file, "--data", folder.path, "--api", "127.0.0.1:0", "--control", "127.0.0.1:0",
                "--worker", "127.0.0.1:0",
            ]
        )
        await process.end()
        #expect(process.exitCode == 2)
        let said = process.lines.joined(separator: "\n")
        #expect(said.contains("server.tls.certificate") && said.contains("\(folder.path)/none.pem"), "\(said)")
    }
}
