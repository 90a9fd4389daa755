// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@testable import SMMFDownload

@Suite("Which files are pulled")
struct FileSelectionTests {
    private func files(_ paths: [String]) throws -> [HubFile] {
        try paths.map { try HubFile(path: $0, size: 1, digest: nil) }
    }

    static let cases: [(wanted: String?, nearest: Bool, there: [String], chosen: [String])] = [
        (
            nil, false, ["config.json", "model.safetensors", "pytorch_model.bin", "onnx/model.onnx", ".gitattributes"],
            ["config.json", "model.safetensors"]
        ),
        (
            nil, false,
            ["consolidated.safetensors", "model-00001-of-00002.safetensors", "original/consolidated.00.pth"],
            ["model-00001-of-00002.safetensors"]
        ),
        (nil, false, ["pytorch_model.bin", "config.json"], ["config.json", "pytorch_model.bin"]),
        (nil, false, ["README.md", "m-Q8_0.gguf", "m-Q4_K_M.gguf", "m-Q4_K_S.gguf"], ["m-Q4_K_M.gguf"]),
        (nil, false, ["mmproj-m-f16.gguf", "odd.gguf"], ["odd.gguf"]),
        ("Q8_0", false, ["m.Q8_0.gguf", "m.Q4_K_M.gguf"], ["m.Q8_0.gguf"]),
        ("q4_k_m", false, ["M-Q4_K_M.gguf", "imatrix-Q4_K_M.gguf"], ["M-Q4_K_M.gguf"]),
        (
            "Q8_0", false, ["x/m-Q8_0-00002-of-00002.gguf", "x/m-Q8_0-00001-of-00002.gguf", "m-Q4_0.gguf"],
            ["x/m-Q8_0-00001-of-00002.gguf", "x/m-Q8_0-00002-of-00002.gguf"]
        ),
        ("Q4_K_M", true, ["m-Q8_0.gguf", "m-Q4_K.gguf"], ["m-Q4_K.gguf"]),
        ("Q4_K_M", true, ["Qwen3-0.6B-Q8_0.gguf", "Qwen3-0.6B-F16.gguf"], ["Qwen3-0.6B-Q8_0.gguf"]),
        ("Q8_0", true, ["gpt-oss-20b-mxfp4.gguf"], ["gpt-oss-20b-mxfp4.gguf"]),
        ("*.json", false, ["config.json", "a/b.json", "m.bin"], ["a/b.json", "config.json"]),
        ("m-?.bin", false, ["m-1.bin", "m-10.bin"], ["m-1.bin"]),
    ]

    @Test("what engines need, a quantization, or a pattern", arguments: cases.indices)
    func choice(index: Int) throws {
        let given = Self.cases[index]
        let selection = try FileSelection(given.wanted, nearest: given.nearest, among: files(given.there), of: "hf:a/b")
        #expect(selection.files.map(\.path) == given.chosen)
        #expect(selection.isWhole == (given.wanted == nil))
    }

    @Test("what is not there is answered with what is")
    func nothing() throws {
        let there = try files(["m-Q8_0.gguf", "m-Q4_K_M.gguf"])
        let error = #expect(throws: SMMFError.self) { try FileSelection("Q4_K", among: there, of: "hf:a/b") }
        #expect(error?.message == "hf:a/b has no file that Q4_K fits.")
        #expect(error?.nextStep == "It has m-Q4_K_M.gguf, m-Q8_0.gguf.")
    }

    @Test("patterns are bounded and mean what hubs' clients mean")
    func patterns() {
        for (pattern, path, fits) in [
            ("*", "a/b", true), ("", "", true), ("", "a", false), ("a*c", "abbc", true), ("a*c", "abbd", false),
            ("*a*b*", "xxaxxbxx", true), ("?", "", false), ("a**b", "ab", true),
        ] {
            #expect(FilePattern(pattern).matches(path) == fits, "\(pattern) \(path)")
        }
        let long = String(repeating: "a", count: 1000)
        #expect(!FilePattern(String(repeating: "a*", count: 120) + "b").matches(long))
    }
}
