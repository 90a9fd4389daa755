// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFDownload

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What cannot be pulled, and what a person is told then.
@Suite("Pulls that are refused", .timeLimit(.minutes(1)))
struct PullRefusalTests {
    let base: PullerTests

    init() throws { base = try PullerTests() }

    private func refusal(
        _ source: String,
        _ server: SimulatedHub,
        token: String? = nil,
        free: Int? = nil
    ) async throws -> SMMFError {
        let puller = try base.puller(server, token: token, free: free)
        let error = await #expect(throws: SMMFError.self) { try await puller.pull(PullSource(source)) { _ in } }
        return try #require(error)
    }

    @Test("what is gated or private says how to get access and where the token goes")
    func access() async throws {
        var gated = PullerTests.repository("a/gated")
        gated.access = .gated
        var closed = PullerTests.repository("a/closed")
        closed.access = .closed
        try await SimulatedHub.running([gated, closed], token: "right-token") { server in
            let none = try await refusal("hf:a/gated", server)
            #expect(none.code == .forbidden && none.message.contains("gated"))
            #expect(
                none.nextStep
                    == "Ask for access at https://huggingface.co/a/gated, then set HF_TOKEN to a token of that "
                    + "account (https://huggingface.co/settings/tokens)."
            )
            let other = try await refusal("hf:a/gated", server, token: "wrong-token")
            #expect(other.message.contains("has no access") && !"\(other)".contains("wrong-token"))
            let hidden = try await refusal("hf:a/closed", server)
            #expect(hidden.code == .unauthorized && hidden.nextStep?.contains("HF_TOKEN") == true)
            let scope = try await refusal("ms:a/closed", server)
            #expect(scope.code == .notFound && scope.nextStep?.contains("MODELSCOPE_API_TOKEN") == true)
        }
    }

    @Test("a repository, revision or file that is not there is named")
    func missing() async throws {
        try await SimulatedHub.running([PullerTests.repository()]) { server in
            let said = [
                "hf:a/none": "Hugging Face has no repository a/none, or it is private.",
                "hf:a/b@v9": "hf:a/b@v9 has no revision v9.",
                "hf:a/b:*.gguf": "hf:a/b has no file that *.gguf fits.",
                "\(server.endpoint)/a/b/resolve/main/none.bin":
                    "\(server.endpoint)/a/b/resolve/main/none.bin is not there (status 404).",
            ]
            for (source, message) in said {
                let error = try await refusal(source, server)
                #expect(error.message == message)
            }
            server.fail("config.json", [.status(404)])
            let file = try await refusal("hf:a/b", server)
            #expect(file.message == "hf:a/b has no file config.json.")
            server.fail("model.safetensors", [.status(403)])
            let storage = try await refusal("hf:a/b@main", server)
            #expect(storage.message == "hf:a/b@main may not be read (status 403).")
        }
    }

    @Test("a listing that leads out of the folder is refused before anything is written", arguments: PullerTests.hubs)
    func strange(hub: Hub) async throws {
        try await SimulatedHub.running([PullerTests.repository()]) { server in
            server.list(strange: ["../../smmf.sqlite"])
            let error = try await refusal("\(hub.rawValue):a/b", server)
            #expect(error.message.contains("\"../../smmf.sqlite\", which may not be written"))
            #expect(base.store.list().isEmpty)
        }
    }

    @Test("a disk without room is told before, with both sizes, and a disk that fills up is told then")
    func disk() async throws {
        try await SimulatedHub.running([PullerTests.repository()]) { server in
            let before = try await refusal("hf:a/b", server, free: 3_000_000)
            #expect(before.message.contains("needs 1 MB") && before.message.contains("has 3 MB free"))
            #expect(before.nextStep?.contains("smmf model pulled") == true)
            #if os(Linux)
            let folder = base.store.folder(of: try PullSource("hf:a/b"))
            var plan = FilePlan(path: "model.safetensors", identity: "", size: 300_000, segment: 64_000)
            let digest = HubRepository.File(PullerTests.large).sha256
            plan.identity = "sha256:\(digest)"
            try folder.keep(plan)
            try FileManager.default.createSymbolicLink(
                atPath: folder.part("model.safetensors").data,
                withDestinationPath: "/dev/full"
            )
            let full = try await refusal("hf:a/b", server)
            #expect(full.code == .storage && full.message.hasPrefix("The disk is full"), "\(full)")
            #endif
        }
    }

    @Test("a hub or proxy that cannot be meant is named by its variable, and a token is never shown")
    func settings() throws {
        for (name, value) in [("HF_ENDPOINT", "ftp://x"), ("MODELSCOPE_ENDPOINT", "https://"), ("HF_TOKEN", "a b")] {
            let error = #expect(throws: SMMFError.self) { try HubSettings(environment: [name: value]) }
            #expect(error?.field == name)
        }
        let error = #expect(throws: SMMFError.self) {
            try Puller(store: base.store, environment: ["HTTPS_PROXY": "https://u:secret@proxy"])
        }
        #expect(error?.field == "HTTPS_PROXY" && !"\(error as Any)".contains("secret"))
    }
}
