// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Synchronization
import Testing

@testable import SMMFControlHTTP
@testable import SMMFDownload

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whole pulls from a hub on loopback ports, which fails as real ones do. Nothing waits: waits are noted instead.
@Suite("Pulling a model", .timeLimit(.minutes(2)))
struct PullerTests {
    static let large = content(300_000, seed: 7)
    static let small = Array(#"{"model_type":"made up"}"#.utf8)
    static let hubs = [Hub.huggingFace, .modelScope]

    static func content(_ count: Int, seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    static func repository(_ name: String = "a/b") -> HubRepository {
        HubRepository(
            name,
            [
                "model.safetensors": .init(large, isLarge: true), "config.json": .init(small),
                "deep/er/tokenizer.json": .init(content(5_000, seed: 3)), "empty.txt": .init([]),
            ]
        )
    }

    let folder: TemporaryFolder
    let store: ModelStore
    let waits = Waits()

    final class Waits: Sendable {
        let all = Mutex<[Duration]>([])
    }

    init() throws {
        folder = try TemporaryFolder()
        store = ModelStore(data: folder.path)
    }

    func puller(_ hub: SimulatedHub, token: String? = nil, segment: Int = 64_000, free: Int? = nil) throws -> Puller {
        var environment = ["HF_ENDPOINT": hub.endpoint, "MODELSCOPE_ENDPOINT": hub.endpoint]
        environment["HF_TOKEN"] = token
        environment["MODELSCOPE_API_TOKEN"] = token
        let waits = waits
        return Puller(
            store: store,
            http: try WideHTTP(),
            settings: try HubSettings(environment: environment),
            segment: segment,
            freeSpace: { free ?? Disk.free(at: $0) },
            wait: { time in waits.all.withLock { $0.append(time) } }
        )
    }

    func read(_ model: PulledModel, _ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: "\(model.folder)/\(path)").map { Array($0) }
    }

    /// What stands in SMMF's own folder besides the record.
    func parts(_ source: PullSource) -> [String] {
        let own = "\(store.folder(of: source).path)/\(ModelFolder.own)"
        return ((try? FileManager.default.contentsOfDirectory(atPath: own)) ?? []).filter { $0 != "pull.json" }.sorted()
    }

    @Test("every file comes whole, large ones in ranges; what is here is not fetched again", arguments: hubs)
    func whole(hub: Hub) async throws {
        try await SimulatedHub.running([Self.repository()]) { server in
            let source = try PullSource("\(hub.rawValue):a/b")
            let model = try await puller(server).pull(source, name: "mine") { _ in }
            #expect(model.isComplete && model.isWholeRepository && model.missing == 0 && model.name == "mine")
            #expect(model.files == ["config.json", "deep/er/tokenizer.json", "empty.txt", "model.safetensors"])
            #expect(read(model, "model.safetensors") == Self.large && read(model, "config.json") == Self.small)
            #expect(read(model, "empty.txt") == [] && parts(source).isEmpty)
            let ranges = server.requests.filter { $0.isToStorage }.compactMap { $0.fields["range"] }
            #expect(Set(ranges).count == 5 && ranges.contains("bytes=256000-299999"), "\(ranges)")
            let before = server.requests.count
            #expect(try await puller(server).pull(source) { _ in } == model)
            #expect(server.requests.count == before + 1, "only the listing is asked for again")
            #expect(store.list() == [model])
            #expect(try store.remove("mine") == model && store.list().isEmpty)
            #expect(!FileManager.default.fileExists(atPath: model.folder))
        }
    }

    @Test("a token goes to the hub and not to the storage that it redirects to", arguments: hubs)
    func token(hub: Hub) async throws {
        var repository = Self.repository()
        repository.access = .closed
        try await SimulatedHub.running([repository], token: "hf_secretsecret") { server in
            let source = try PullSource("\(hub.rawValue):a/b")
            _ = try await puller(server, token: "hf_secretsecret").pull(source) { _ in }
            let (stored, home) = (server.requests.filter(\.isToStorage), server.requests.filter { !$0.isToStorage })
            #expect(
                !stored.isEmpty && stored.allSatisfy { $0.fields["authorization"] == nil && $0.fields["cookie"] == nil }
            )
            #expect(home.allSatisfy { $0.fields["authorization"] == "Bearer hf_secretsecret" })
        }
    }

    struct Trouble: Sendable {
        var name: String
        var faults: [HubFault]
        var waits: [Int]
    }

    static let troubles = [
        Trouble(name: "a connection breaks in the middle", faults: [.cut(after: 10_000)], waits: [1]),
        Trouble(name: "it breaks at once, again and again", faults: [.cut(after: 0), .cut(after: 0)], waits: [1]),
        Trouble(name: "the server is too busy", faults: [.status(429, retryAfter: 7)], waits: [7]),
        Trouble(name: "the server is out of order", faults: [.status(503), .status(502)], waits: [1]),
        Trouble(name: "ranges are ignored", faults: Array(repeating: .ignoreRange, count: 8), waits: []),
        Trouble(name: "a range is refused", faults: [.status(416)], waits: []),
    ]

    @Test("what goes wrong on the way is mended without a person", arguments: troubles.indices, [64_000, 1 << 20])
    func mends(index: Int, segment: Int) async throws {
        let trouble = Self.troubles[index]
        try await SimulatedHub.running([Self.repository()]) { server in
            server.fail("model.safetensors", trouble.faults)
            let model = try await puller(server, segment: segment).pull(PullSource("hf:a/b")) { _ in }
            #expect(read(model, "model.safetensors") == Self.large, "\(trouble.name)")
            let seconds = waits.all.withLock { $0.map { Int($0.components.seconds) } }
            for wait in trouble.waits { #expect(seconds.contains(wait), "\(trouble.name): \(seconds)") }
        }
    }

    @Test("a listing is asked for again when the server is busy or breaks", arguments: hubs)
    func listing(hub: Hub) async throws {
        try await SimulatedHub.running([Self.repository()]) { server in
            server.fail("", [.status(429, retryAfter: 3), .status(500), .cut(after: 20)])
            let model = try await puller(server).pull(PullSource("\(hub.rawValue):a/b")) { _ in }
            #expect(model.isComplete && waits.all.withLock { $0 } == [3, 2, 4].map { .seconds($0) })
            server.fail("", [.status(429, retryAfter: 3_600)])
            let error = await #expect(throws: SMMFError.self) {
                try await puller(server).pull(PullSource("\(hub.rawValue):a/b")) { _ in }
            }
            #expect(error?.code == .limited)
        }
    }

    @Test("a proxy of the environment is asked for all but this machine and what is excepted")
    func proxy() async throws {
        try await SimulatedHub.running([Self.repository()]) { server in
            let environment = ["http_proxy": server.endpoint, "NO_PROXY": "near.example, .inside"]
            let http = try WideHTTP(environment: environment)
            for (address, isProxied) in [
                ("http://hub.invalid/a", true), ("http://inside/a", false), ("http://x.inside/a", false),
                ("http://near.example/a", false), ("http://far.near.examples/a", true), ("http://localhost/a", false),
                ("http://127.0.0.1:1/a", false), ("https://hub.invalid/a", false),
            ] {
                #expect(try http.usesProxy(#require(URL(string: address))) == isProxied, "\(address)")
            }
            let settings = try HubSettings(environment: ["HF_ENDPOINT": "http://hub.invalid"])
            let puller = Puller(store: store, http: http, settings: settings, wait: { _ in })
            // The hub is no proxy and refuses, and all that it was asked for is a way to the other one.
            let error = await #expect(throws: SMMFError.self) { try await puller.pull(PullSource("hf:a/b")) { _ in } }
            #expect(error?.code == .unavailable)
            let asked = Set(server.requests.map { "\($0.method) \($0.uri)" })
            #expect(asked == ["CONNECT hub.invalid:80"])
        }
    }

    @Test("a server that never mends is given up")
    func neverMends() async throws {
        try await SimulatedHub.running([Self.repository()]) { server in
            server.fail("model.safetensors", Array(repeating: .cut(after: 0), count: 100))
            let error = await #expect(throws: SMMFError.self) {
                try await puller(server, segment: 1 << 20).pull(PullSource("hf:a/b")) { _ in }
            }
            #expect(error?.code == .unavailable && error?.message.contains("6 attempts") == true)
            #expect(error?.message.contains("not-for-logs") == false, "a signature is nobody's business")
            #expect(waits.all.withLock { $0 } == [1, 2, 4, 8, 16].map { .seconds($0) })
        }
    }

    @Test("an interrupted pull leaves a part that is listed, and the next pull goes on with it", arguments: hubs)
    func resumes(hub: Hub) async throws {
        try await SimulatedHub.running([Self.repository()]) { server in
            let source = try PullSource("\(hub.rawValue):a/b")
            server.fail("model.safetensors", [.stall(after: 100_000)])
            let puller = try puller(server, segment: 1 << 20)
            let pull = Task { try await puller.pull(source) { _ in } }
            try await eventually("the bytes before the stall are here") {
                (store.pulled(source)?.files.count ?? 0) == 3 && server.requests.contains(where: \.isToStorage)
            }
            try await server.stalled(1)
            try await eventually("they are on the disk") {
                Disk.size(of: store.folder(of: source).part("model.safetensors").data) == 100_000
            }
            let lock = await #expect(throws: SMMFError.self) { try await puller.pull(source) { _ in } }
            #expect(lock?.code == .conflict)
            #expect(throws: SMMFError.self) { try store.remove("\(source)") }
            pull.cancel()
            await #expect(throws: (any Error).self) { try await pull.value }
            let listed = try #require(store.pulled(source))
            #expect(!listed.isComplete && listed.missing == 200_000 && parts(source).count == 2)
            #expect(!FileManager.default.fileExists(atPath: "\(listed.folder)/model.safetensors"))
            let model = try await puller.pull(source) { _ in }
            #expect(model.isComplete && read(model, "model.safetensors") == Self.large)
            let last = try #require(server.requests.filter { $0.isToStorage }.last)
            #expect(last.fields["range"] == "bytes=100000-299999" && last.fields["if-range"]?.hasPrefix("\"") == true)
        }
    }

    @Test("content that changes in mid-pull is fetched anew, never mixed", arguments: [64_000, 1 << 20])
    func changes(segment: Int) async throws {
        let other = Self.content(300_000, seed: 8)
        try await SimulatedHub.running([Self.repository()]) { server in
            // An address that is no hub's, so that nothing but the server tells one content from another.
            let source = try PullSource("\(server.endpoint)/a/b/resolve/main/model.safetensors")
            server.fail("model.safetensors", [.ignoreRange, .stall(after: 50_000)])
            let puller = try puller(server, segment: segment)
            let pull = Task { try await puller.pull(source) { _ in } }
            try await server.stalled(1)
            try await eventually("something is here") {
                (Disk.size(of: store.folder(of: source).part("model.safetensors").data) ?? 0) > 0
            }
            pull.cancel()
            await #expect(throws: (any Error).self) { try await pull.value }
            server.update("a/b") { $0.files["model.safetensors"]?.bytes = other }
            let model = try await puller.pull(source) { _ in }
            #expect(read(model, "model.safetensors") == other && model.files == ["model.safetensors"])
        }
    }

    @Test("a wrong digest refuses the file and removes what came", arguments: hubs)
    func wrongDigest(hub: Hub) async throws {
        try await SimulatedHub.running([Self.repository()]) { server in
            for path in ["model.safetensors", "config.json"] {
                let source = try PullSource("\(hub.rawValue):a/b:\(path)")
                server.fail(path, [.wrongByte])
                let error = await #expect(throws: SMMFError.self) { try await puller(server).pull(source) { _ in } }
                #expect(error?.message.contains("\(path) is not what") == true, "\(String(describing: error))")
                #expect(parts(source).isEmpty && store.pulled(source)?.files.contains(path) == false)
                #expect(try await puller(server).pull(source) { _ in }.files.contains(path))
            }
        }
    }

    @Test("an address is pulled, resumed by its version, and checked by the digest that it names")
    func address() async throws {
        try await SimulatedHub.running([Self.repository()]) { server in
            let address = "\(server.endpoint)/a/b/resolve/main/model.safetensors"
            let model = try await puller(server).pull(PullSource(address)) { _ in }
            #expect(read(model, "model.safetensors") == Self.large && model.source == address)
            let bad = "\(address)#sha256=" + String(repeating: "0", count: 64)
            let error = await #expect(throws: SMMFError.self) {
                try await puller(server).pull(PullSource(bad)) { _ in }
            }
            #expect(error?.message.contains("the address says") == true)
        }
    }
}
