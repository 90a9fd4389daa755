// SPDX-License-Identifier: MIT

#if SQLite
import SMMFCore
import SMMFRegistries
import SMMFTesting
import Testing

@Suite("Metadata store")
struct MetadataStoreTests {
    private func deployment(_ name: String, _ source: String = "/m.gguf") throws -> Deployment {
        Deployment(name: try ModelName(name), backend: .engine(EngineSpec(engine: "llama.cpp", source: source)))
    }

    @Test("what was saved is there after the file is opened again")
    func survives() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("smmf.sqlite")
        do {
            let store = try SQLiteMetadataStore(path: path)
            try await store.save(deployment("a"))
            try await store.save(deployment("b"))
            try await store.save(deployment("a", "/other.gguf"))
            try await store.remove(ModelName("b"))
            try await store.saveWorker(WorkerID("w1"), address: Endpoint(host: "127.0.0.1", port: 8001))
            try await store.saveWorker(WorkerID("w2"), address: Endpoint(host: "127.0.0.1", port: 8002))
            try await store.saveWorker(WorkerID("w2"), address: nil)
        }
        let metadata = try await SQLiteMetadataStore(path: path).load()
        #expect(metadata.deployments == [try deployment("a", "/other.gguf")])
        #expect(metadata.workers == [WorkerID("w1"): Endpoint(host: "127.0.0.1", port: 8001)])
    }

    @Test("a file that is no database is refused with its name")
    func corrupt() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(String(repeating: "this is not a database ", count: 100), to: "smmf.sqlite")
        let error = try #require(throws: SMMFError.self) { try SQLiteMetadataStore(path: path) }
        #expect(error.code == .storage)
        #expect(error.message.contains(path))
    }
}
#endif
