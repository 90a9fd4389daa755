// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFAssembly

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("What a model will take")
struct MemoryPredictorTests {
    private func bytes(_ source: String, context: Int? = nil, parallel: Int? = nil) -> Int? {
        MemoryPredictor.bytes(of: EngineSpec(engine: "llama.cpp", source: source, context: context, parallel: parallel))
    }

    @Test("the demo model is predicted from its file, and more context takes more")
    func demo() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let source = "/\(root)/models/demo/smmf-demo.gguf"
        let small = try #require(bytes(source, context: 512))
        let large = try #require(bytes(source, context: 1024, parallel: 4))
        #expect(small > 64 << 20 && small < 256 << 20 && large > small)
    }

    @Test("a folder's weights are counted once, whatever forms they stand there in")
    func folder() throws {
        let folder = try TemporaryFolder()
        for (name, size) in [
            ("a.safetensors", 1000), ("b.safetensors", 500), ("pytorch_model.bin", 1500), ("x.txt", 9),
        ] {
            try Data(count: size).write(to: URL(filePath: "\(folder.path)/\(name)"))
        }
        let plain = try #require(bytes(folder.path, context: 100))
        let config = #"{"num_hidden_layers":2,"num_attention_heads":4,"hidden_size":64}"#
        try Data(config.utf8).write(to: URL(filePath: "\(folder.path)/config.json"))
        #expect(bytes(folder.path, context: 100) == plain + 4 * 2 * 4 * 16 * 100)
    }

    @Test("a file in parts counts with all of them")
    func parts() throws {
        let folder = try TemporaryFolder()
        for (part, size) in [(1, 1 << 20), (2, 2 << 20)] {
            try Data(count: size).write(to: URL(filePath: "\(folder.path)/m-0000\(part)-of-00002.gguf"))
        }
        let all = try #require(bytes("\(folder.path)/m-00001-of-00002.gguf"))
        let last = try #require(bytes("\(folder.path)/m-00002-of-00002.gguf"))
        #expect(all - last > 1 << 20 && all > 3 << 20)
    }

    @Test("a model of the catalog is predicted by its repository's name; of others nothing is known")
    func catalog() throws {
        let known = try #require(bytes("Qwen/Qwen3-8B", context: 8192))
        #expect(known > 16 << 30 && known < 24 << 30)
        #expect(bytes("nobody/nothing") == nil && bytes("") == nil && bytes("/dev/null") == nil)
    }
}
