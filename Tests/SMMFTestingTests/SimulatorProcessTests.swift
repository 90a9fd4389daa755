// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The faults that only a process has.
@Suite(.timeLimit(.minutes(2))) struct SimulatorProcessTests {
    private func get(_ path: String, from process: SimulatedProcess) async throws -> String {
        let port = try #require(process.port)
        let client = try await WireClient.connect(to: port)
        try await client.send("GET \(path) HTTP/1.1\r\nconnection: close\r\n\r\n")
        let text = await client.readToEnd().text
        await client.close()
        return text
    }

    private func isAlive(_ pid: Int32) -> Bool { kill(pid, 0) == 0 }

    @Test func `it serves, and SIGTERM ends it as it ends llama-server`() async throws {
        let process = try await SimulatedProcess.start(["--model", "m", "--crlf", "--log-line", "--hello"])
        #expect(process.output.contains("--hello\n"))
        #expect(try await get("/v1/models", from: process).contains(#""id":"m""#))
        process.send(SIGTERM)
        #expect(try await process.waitForExit() == .signal(SIGTERM))
    }

    @Test func `it can ignore SIGTERM`() async throws {
        let process = try await SimulatedProcess.start(["--ignore-sigterm"])
        process.send(SIGTERM)
        #expect(try await get("/health", from: process).hasPrefix("HTTP/1.1 200 "))
        process.send(SIGKILL)
        #expect(try await process.waitForExit() == .signal(SIGKILL))
    }

    @Test func `it can fail before it listens, with a text and a status`() async throws {
        let arguments = ["--exit-text", "srv init: out of memory", "--exit-text", "bye", "--exit-code", "7"]
        let process = try SimulatedProcess.launch(arguments)
        #expect(try await process.waitForExit() == .code(7))
        #expect(process.output == "srv init: out of memory\nbye\n")
        await #expect(throws: SimulatedProcess.CannotStart.self) { try await SimulatedProcess.start(arguments) }
    }

    @Test func `it can exit by the clock`() async throws {
        let process = try SimulatedProcess.launch(["--exit-after-ms", "50", "--exit-code", "3"])
        #expect(try await process.waitForExit() == .code(3))
    }

    @Test func `it can exit in the middle of a stream`() async throws {
        let process = try await SimulatedProcess.start(["--fault", "exit", "--fault-after", "2", "--exit-code", "5"])
        let client = try await WireClient.connect(to: try #require(process.port))
        try await client.send(post("/v1/chat/completions", streamedChat))
        let reply = WireReply(await client.readToEnd())
        #expect(reply.events.count == 2)
        #expect(try await process.waitForExit() == .code(5))
    }

    @Test func `it answers 503 while it loads`() async throws {
        let process = try await SimulatedProcess.start(["--load-ms", "300"])
        try await eventually("the model is loaded") {
            try await get("/health", from: process).hasPrefix("HTTP/1.1 200 ")
        }
        #expect(process.output.contains("main: model loaded"))
    }

    @Test func `an orphan outlives the group, and a child the parent alone`() async throws {
        let process = try await SimulatedProcess.start(["--orphan", "--child"])
        let orphan = try #require(process.number(after: "orphan"))
        let child = try #require(process.number(after: "child"))
        defer { kill(orphan, SIGKILL) }
        #expect(getpgid(child) == process.pid)
        #expect(getsid(orphan) == orphan)
        process.send(SIGKILL)
        #expect(try await process.waitForExit() == .signal(SIGKILL))
        #expect(isAlive(child) && isAlive(orphan))
        process.send(SIGKILL, toGroup: true)
        try await eventually("the child is gone") { !isAlive(child) || isZombie(child) }
        #expect(isAlive(orphan) && !isZombie(orphan))
    }

    @Test func `as an engine's program it finishes what it has when it is asked to end`() async throws {
        let port = try FreePort.next()
        let engine = ["--as", "tgi", "--model-id", "/tmp", "--hostname", "127.0.0.1", "--port", "\(port)"]
        let process = try SimulatedProcess.launch(["--tokens", "20", "--interval-ms", "20"] + engine)
        try await eventually("it serves") { process.output.contains("Connected") }
        let client = try await WireClient.connect(to: port)
        try await client.send(post("/v1/chat/completions", streamedChat))
        _ = await client.read { $0.contains("tok0") }
        process.send(SIGTERM)
        #expect(await client.readToEnd().text.contains("[DONE]"))
        #expect(try await process.waitForExit() == .code(0))
    }

    @Test func `as an engine's program it refuses what the engine refuses, and fails in its words`() async throws {
        let wrong = try SimulatedProcess.launch(["--as", "tei", "--model-id", "/tmp", "--bogus"])
        #expect(try await wrong.waitForExit() == .code(2))
        #expect(wrong.output.contains("error: unexpected argument '--bogus' found"))
        let failing = ["--fail", "out_of_memory:1", "--as", "lmdeploy", "serve", "api_server", "/tmp"]
        let failed = try SimulatedProcess.launch(failing)
        #expect(try await failed.waitForExit() == .signal(6))
        #expect(failed.output.contains("[TM][FATAL]"))
        let unknown = try SimulatedProcess.launch(["--as", "nothing"])
        #expect(try await unknown.waitForExit() == .code(64))
        #expect(unknown.output.contains("tgi, tensorrt-llm, lmdeploy, ollama, tei"))
    }

    @Test func `an unknown setting ends it with a reason`() async throws {
        let process = try SimulatedProcess.launch(["--bogus", "1"])
        #expect(try await process.waitForExit() == .code(64))
        #expect(process.output.contains("there is no setting \"bogus\""))
    }

    /// Whether it has ended and nobody has collected it, as in a container whose first process does not.
    private func isZombie(_ pid: Int32) -> Bool {
        guard let file = fopen("/proc/\(pid)/stat", "r") else { return false }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer.prefix(count), as: UTF8.self).contains(") Z ")
    }
}
