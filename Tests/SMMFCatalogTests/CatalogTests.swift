// SPDX-License-Identifier: MIT

import SMMFAssembly
import SMMFCatalog
import SMMFCore
import Testing

@Suite("The catalog of models")
struct CatalogTests {
    private static let gigabyte = 1_000_000_000
    private static let engines: Set<String> = ["llama.cpp", "vllm", "transformers", "infinity", "fastchat"]

    @Test("every model that the specification names is there")
    func specification() throws {
        for name in [
            "vicuna-13b", "vicuna-13b-v1.5", "llama2", "baichuan2-13b", "baichuan2-7b", "chatglm-6b", "chatglm2-6b",
            "chatglm3-6b", "falcon-40b", "internlm-chat-7b", "internlm-chat-20b", "qwen-7b-chat", "qwen-14b-chat",
            "wizardlm-13b", "orca-2-7b", "orca-2-13b", "openchat_3.5", "zephyr-7b-alpha", "mistral-7b-instruct-v0.1",
            "yi-34b-chat",
        ] {
            #expect(try Catalog.model(name).name == name)
        }
    }

    @Test("rows are sound")
    func rows() {
        #expect(Set(Catalog.models.map(\.name)).count == Catalog.models.count)
        let known = Set(Plugins.engines.map(\.name))
        for model in Catalog.models {
            #expect((try? ModelName(model.name)) != nil, "\(model.name)")
            #expect(!model.engines.isEmpty && known.isSuperset(of: model.engines), "\(model.name): \(model.engines)")
            #expect(known.isSuperset(of: model.arguments.keys), "\(model.name)")
            #expect(model.huggingFace.split(separator: "/").count == 2, "\(model.huggingFace)")
            #expect(model.billions > 0 && model.context >= 512 && !model.licence.isEmpty, "\(model.name)")
            #expect(model.kind == .language || model.shape == nil, "\(model.name)")
        }
    }

    @Test("an unknown name is answered with near ones")
    func unknown() {
        let error = #expect(throws: SMMFError.self) { try Catalog.model("qwen3-9b") }
        #expect(error?.nextStep?.contains("qwen3-8b") == true)
    }

    @Test("memory follows from weights and cache")
    func memory() throws {
        let model = try Catalog.model("llama2")
        let whole = MemoryEstimate(model, .published, context: 4096, parallel: 1)
        // 6.74 billion numbers of two bytes, and half a megabyte for each token of 4,096.
        #expect(whole.weights == 13_480_000_000 && whole.cache == 524_288 * 4096)
        let twice = MemoryEstimate(model, .published, context: 4096, parallel: 2)
        #expect(twice.cache == 2 * whole.cache && twice.weights == whole.weights)
        #expect(MemoryEstimate(model, .q4, context: 4096, parallel: 1).weights < whole.weights / 3)
    }

    struct Case: Sendable {
        var model: String
        var memory: Int
        var devices: [Int] = []
        var engines = CatalogTests.engines
        var engine: String
        var quantization: Quantization
        var count: Int?
    }

    static let cases = [
        Case(model: "qwen3-8b", memory: 24, engine: "llama.cpp", quantization: .q4),
        Case(model: "qwen3-8b", memory: 24, devices: [24], engine: "vllm", quantization: .published, count: 1),
        Case(model: "qwen3-8b", memory: 24, devices: [20], engine: "llama.cpp", quantization: .q8, count: 1),
        Case(
            model: "llama-3.3-70b",
            memory: 64,
            devices: [80, 80, 80, 80],
            engine: "vllm",
            quantization: .published,
            count: 4
        ),
        Case(
            model: "qwen3-0.6b",
            memory: 24,
            engines: ["transformers"],
            engine: "transformers",
            quantization: .published
        ),
        Case(model: "bge-m3", memory: 8, engine: "infinity", quantization: .published),
    ]

    @Test("a machine gets the best way that fits", arguments: cases.indices)
    func choice(index: Int) throws {
        let given = Self.cases[index]
        let machine = Machine(
            memory: given.memory * Self.gigabyte,
            devices: given.devices.map { $0 * Self.gigabyte },
            engines: given.engines
        )
        let choice = try DeploymentChoice(Catalog.model(given.model), on: machine)
        #expect(choice.engine == given.engine && choice.quantization == given.quantization, "\(choice.reason)")
        #expect(choice.devices == given.count, "\(choice.reason)")
    }

    @Test("what does not fit is refused with what it needs")
    func refusals() throws {
        let small = Machine(memory: 2 * Self.gigabyte, engines: Self.engines)
        let error = #expect(throws: SMMFError.self) {
            try DeploymentChoice(Catalog.model("llama-3.3-70b"), on: small)
        }
        #expect(
            error?.message.contains("at least 5") == true && error?.message.contains("2.0 GB") == true,
            "\(error as Any)"
        )
        let bare = Machine(memory: 64 * Self.gigabyte, engines: [])
        let missing = #expect(throws: SMMFError.self) { try DeploymentChoice(Catalog.model("qwen3-8b"), on: bare) }
        #expect(missing?.nextStep?.contains("smmf engine list") == true)
    }
}
