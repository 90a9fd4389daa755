// SPDX-License-Identifier: MIT

import SMMFCatalog
import SMMFCore
import SMMFTesting
import Testing

@Suite("Shapes of models from their files")
struct ModelShapeTests {
    /// Writes a GGUF header as its specification has it.
    private struct Writer {
        var bytes = Array("GGUF".utf8)
        private var members = 0

        init() {
            number(3, 4)
            number(1, 8)
            number(0, 8)
        }

        mutating func number(_ value: UInt64, _ size: Int) {
            for shift in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(shift)))) }
        }

        mutating func text(_ text: String) {
            number(UInt64(text.utf8.count), 8)
            bytes += Array(text.utf8)
        }

        private mutating func member(_ name: String, _ type: UInt64) {
            members += 1
            bytes[16] = UInt8(members)
            text(name)
            number(type, 4)
        }

        mutating func add(_ name: String, _ value: UInt64) {
            member(name, 4)
            number(value, 4)
        }

        mutating func add(_ name: String, _ value: String) {
            member(name, 8)
            text(value)
        }

        mutating func add(_ name: String, list values: [UInt64]) {
            member(name, 9)
            number(5, 4)
            number(UInt64(values.count), 8)
            for value in values { number(value, 4) }
        }

        mutating func add(_ name: String, words values: [String]) {
            member(name, 9)
            number(8, 4)
            number(UInt64(values.count), 8)
            for value in values { text(value) }
        }

        mutating func addFloat(_ name: String) {
            member(name, 6)
            number(0x3F80_0000, 4)
        }
    }

    private func header() -> Writer {
        var writer = Writer()
        writer.add("general.architecture", "qwen3")
        writer.add("tokenizer.ggml.tokens", words: ["a", "b"])
        writer.add("qwen3.block_count", 36)
        writer.addFloat("qwen3.rope.freq_base")
        writer.add("qwen3.context_length", 40960)
        writer.add("qwen3.embedding_length", 4096)
        writer.add("qwen3.attention.head_count", 32)
        writer.add("qwen3.attention.head_count_kv", 8)
        return writer
    }

    @Test("a GGUF file tells layers, heads and context")
    func gguf() {
        let read = GGUFHeader(header().bytes)
        #expect(read?.shape == CatalogModel.Shape(layers: 36, heads: 8, headSize: 128) && read?.context == 40960)
        var own = header()
        own.add("qwen3.attention.key_length", 96)
        #expect(GGUFHeader(own.bytes)?.shape?.headSize == 96)
        var mixed = header()
        mixed.add("qwen3.attention.head_count_kv", list: [2, 4, 0])
        #expect(GGUFHeader(mixed.bytes)?.shape?.heads == 4)
        #expect(GGUFHeader(Array("GGML0000".utf8)) == nil && GGUFHeader([]) == nil)
    }

    @Test("a file that is cut off or full of noise is read without harm")
    func noise() {
        let good = header().bytes
        for count in 0..<good.count {
            let read = GGUFHeader(Array(good.prefix(count)))
            // Without its last member a model has keys and values for every head, which is the safe way to be wrong.
            #expect(read?.shape == nil || count >= good.count - 45)
        }
        for seed in 0..<2000 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var bytes = good
            for _ in 0..<8 {
                bytes[Int.random(in: 4..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if let shape = GGUFHeader(bytes)?.shape {
                let estimate = MemoryEstimate(weights: 1, shape: shape, context: 1 << 40, parallel: 1 << 20)
                #expect(estimate.total > 0)
            }
        }
    }

    @Test("a repository's configuration tells the same, in the words of its family")
    func config() {
        let llama: JSONValue = [
            "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "hidden_size": 4096,
            "max_position_embeddings": 131_072,
        ]
        #expect(ModelConfig(llama).shape == CatalogModel.Shape(layers: 32, heads: 8, headSize: 128))
        #expect(ModelConfig(["text_config": llama]).context == 131_072)
        let old: JSONValue = ["n_layer": 12, "n_head": 12, "n_embd": 768, "n_positions": 1024]
        #expect(ModelConfig(old).shape == CatalogModel.Shape(layers: 12, heads: 12, headSize: 64))
        for wrong: JSONValue in [[:], "x", ["num_hidden_layers": 0], ["n_layer": "12"], [1, 2]] {
            #expect(ModelConfig(wrong).shape == nil)
        }
    }

    @Test("the cache of a model follows from its shape, context and places")
    func cache() {
        let shape = CatalogModel.Shape(layers: 36, heads: 8, headSize: 128)
        let estimate = MemoryEstimate(weights: 5 << 30, shape: shape, context: 8192, parallel: 2)
        #expect(estimate.cache == 2 * 2 * 36 * 8 * 128 * 8192 * 2)
        #expect(MemoryEstimate(weights: 5 << 30, shape: nil, context: 8192, parallel: 2).cache == 0)
    }
}
