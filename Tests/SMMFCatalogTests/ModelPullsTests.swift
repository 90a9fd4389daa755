// SPDX-License-Identifier: MIT

import SMMFAssembly
import SMMFCatalog
import SMMFConfiguration
import SMMFCore
import SMMFDownload
import SMMFTesting
import Testing

@Suite("Where models of the catalog are pulled from")
struct ModelPullsTests {
    @Test(
        "every model has a source for each of its engines and hubs, which reads back as itself",
        arguments: Hub.allCases
    )
    func sources(hub: Hub) throws {
        for model in Catalog.models {
            for engine in model.engines {
                let source = try ModelPulls.source(of: model, engine: engine, quantization: .q4, hub: hub)
                #expect(try PullSource("\(source)").place == source.place)
                let name = String("\(source)".dropFirst(3))
                switch (engine, hub) {
                case ("llama.cpp", _):
                    #expect(name == model.gguf && source.files == "Q4_K_M" && source.takesNearest)
                case (_, .huggingFace): #expect(name == model.huggingFace && source.files == nil)
                case (_, .modelScope): #expect(name == model.modelScope ?? model.huggingFace)
                }
            }
        }
    }

    @Test("a model without GGUF files is refused for llama.cpp with the engines that serve it")
    func noGGUF() throws {
        let model = try Catalog.model("phi-4-mini")
        let error = #expect(throws: SMMFError.self) {
            try ModelPulls.source(of: model, engine: "llama.cpp", quantization: .q8)
        }
        #expect(error?.nextStep?.contains("vllm") == true)
    }

    @Test("what is pulled is found by the catalog's name and by its source, to its last byte only")
    func places() async throws {
        let folder = try TemporaryFolder()
        var configuration = Configuration()
        configuration.data = folder.path
        let pulls = ModelPulls(configuration)
        let model = try Catalog.model("qwen3-0.6b")
        let parts = ["M-Q4_K_M-00001-of-00002.gguf", "M-Q4_K_M-00002-of-00002.gguf", "M-Q8_0.gguf"]
        let files = Dictionary(uniqueKeysWithValues: parts.map { ($0, HubRepository.File([1, 2, 3], isLarge: true)) })
        let whole = ["config.json": HubRepository.File([1]), "model.safetensors": .init([1, 2], isLarge: true)]
        let repositories = [HubRepository("Qwen/Qwen3-0.6B-GGUF", files), HubRepository("Qwen/Qwen3-0.6B", whole)]
        try await SimulatedHub.running(repositories) { hub in
            let environment = ["HF_ENDPOINT": hub.endpoint]
            let puller = try Puller(store: pulls.store, environment: environment)
            let gguf = "hf:Qwen/Qwen3-0.6B-GGUF"
            func place(_ engine: String, _ quantization: Quantization) -> String? {
                pulls.place(of: model, engine: engine, quantization: quantization)
            }
            #expect(place("llama.cpp", .q4) == nil && place("vllm", .published) == nil)
            _ = try await puller.pull(PullSource("\(gguf):\(parts[1])")) { _ in }
            #expect(place("llama.cpp", .q4) == nil, "one part of two is no model")
            _ = try await puller.pull(PullSource("\(gguf):Q8_0")) { _ in }
            #expect(place("llama.cpp", .q4)?.hasSuffix("/M-Q8_0.gguf") == true, "the nearest that is here")
            let missing = #expect(throws: SMMFError.self) {
                try pulls.place(of: PullSource("\(gguf):Q4_K_M"), engine: "llama.cpp")
            }
            #expect(missing?.code == .notFound)
            _ = try await puller.pull(ModelPulls.source(of: model, engine: "llama.cpp", quantization: .q4)) { _ in }
            #expect(place("llama.cpp", .q4)?.hasSuffix("/\(parts[0])") == true)
            #expect(place("llama.cpp", .q8)?.hasSuffix("/M-Q8_0.gguf") == true)
            _ = try await puller.pull(PullSource("hf:Qwen/Qwen3-0.6B:*.json")) { _ in }
            #expect(place("vllm", .published) == nil, "some files are not the model")
            _ = try await puller.pull(PullSource("hf:Qwen/Qwen3-0.6B")) { _ in }
            #expect(place("vllm", .published) == "\(folder.path)/models/hf/Qwen/Qwen3-0.6B")
            #expect(try pulls.place(of: PullSource("hf:Qwen/Qwen3-0.6B"), engine: "sglang").hasSuffix("/Qwen3-0.6B"))
        }
    }
}
