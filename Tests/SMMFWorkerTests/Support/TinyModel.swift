// SPDX-License-Identifier: MIT

import SMMFTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes a Llama of 0.2 MB with random weights, which llama.cpp loads in an instant and which talks nonsense.
///
/// Source: the GGUF specification, version 3.
struct TinyModel {
    private static let width = 64
    private static let inner = 64
    private static let layers = 1
    private static let alignment = 32

    private var header: [UInt8] = []
    private var keys = 0

    /// Writes the model to a file.
    static func write(to path: String, architecture: String = "llama") throws {
        var model = TinyModel()
        try Data(model.file(architecture)).write(to: URL(filePath: path))
    }

    private mutating func file(_ architecture: String) -> [UInt8] {
        describe(architecture)
        let tensors = Self.tensors
        var index: [UInt8] = []
        var weights: [UInt8] = []
        var generator = SeededGenerator(seed: 1)
        for (name, shape) in tensors {
            Self.put(name, in: &index)
            Self.put(UInt32(shape.count), in: &index)
            for size in shape { Self.put(UInt64(size), in: &index) }
            Self.put(UInt32(0), in: &index)
            Self.put(UInt64(weights.count), in: &index)
            for _ in 0..<shape.reduce(1, *) {
                let value = name.contains("norm") ? 1 : Float.random(in: -0.1...0.1, using: &generator)
                Self.put(value.bitPattern, in: &weights)
            }
            weights += Array(repeating: 0, count: (Self.alignment - weights.count % Self.alignment) % Self.alignment)
        }
        var file = Array("GGUF".utf8)
        Self.put(UInt32(3), in: &file)
        Self.put(UInt64(tensors.count), in: &file)
        Self.put(UInt64(keys), in: &file)
        file += header + index
        file += Array(repeating: 0, count: (Self.alignment - file.count % Self.alignment) % Self.alignment)
        return file + weights
    }

    private mutating func describe(_ architecture: String) {
        string("general.architecture", architecture)
        for (key, value) in [
            "context_length": 512, "embedding_length": Self.width, "block_count": Self.layers,
            "feed_forward_length": Self.inner, "attention.head_count": 2, "attention.head_count_kv": 2,
            "rope.dimension_count": Self.width / 2, "vocab_size": Self.tokens.count,
        ] {
            member("\(architecture).\(key)", type: 4)
            Self.put(UInt32(value), in: &header)
        }
        member("\(architecture).attention.layer_norm_rms_epsilon", type: 6)
        Self.put(Float(1e-5).bitPattern, in: &header)
        string("tokenizer.ggml.model", "gpt2")
        string("tokenizer.ggml.pre", "default")
        strings("tokenizer.ggml.tokens", Self.tokens)
        strings("tokenizer.ggml.merges", ["t h"])
        member("tokenizer.ggml.eos_token_id", type: 4)
        Self.put(UInt32(257), in: &header)
        string(
            "tokenizer.chat_template",
            "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant:"
        )
    }

    /// The 256 bytes in GPT-2's printable disguise, one merge and an end mark.
    private static var tokens: [String] {
        let plain = Array(33...126) + Array(161...172) + Array(174...255)
        var next: UInt32 = 256
        let bytes = (0..<256).map { byte -> String in
            if plain.contains(byte) { return String(UnicodeScalar(UInt8(byte))) }
            defer { next += 1 }
            return UnicodeScalar(next).map { String($0) } ?? ""
        }
        return bytes + ["th", "<|end|>"]
    }

    private static var tensors: [(String, [Int])] {
        let blocks = (0..<layers).flatMap { layer -> [(String, [Int])] in
            let name = "blk.\(layer)."
            return [
                (name + "attn_norm.weight", [width]), (name + "ffn_norm.weight", [width]),
                (name + "attn_q.weight", [width, width]), (name + "attn_k.weight", [width, width]),
                (name + "attn_v.weight", [width, width]), (name + "attn_output.weight", [width, width]),
                (name + "ffn_gate.weight", [width, inner]), (name + "ffn_up.weight", [width, inner]),
                (name + "ffn_down.weight", [inner, width]),
            ]
        }
        return [
            ("token_embd.weight", [width, tokens.count]), ("output_norm.weight", [width]),
            ("output.weight", [width, tokens.count]),
        ] + blocks
    }

    private mutating func member(_ name: String, type: UInt32) {
        keys += 1
        Self.put(name, in: &header)
        Self.put(type, in: &header)
    }

    private mutating func string(_ key: String, _ value: String) {
        member(key, type: 8)
        Self.put(value, in: &header)
    }

    private mutating func strings(_ key: String, _ values: [String]) {
        member(key, type: 9)
        Self.put(UInt32(8), in: &header)
        Self.put(UInt64(values.count), in: &header)
        for value in values { Self.put(value, in: &header) }
    }

    private static func put(_ value: some FixedWidthInteger, in bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func put(_ text: String, in bytes: inout [UInt8]) {
        put(UInt64(text.utf8.count), in: &bytes)
        bytes.append(contentsOf: text.utf8)
    }
}
