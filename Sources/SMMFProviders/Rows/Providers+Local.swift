// SPDX-License-Identifier: MIT

import SMMFWire

/// Servers on this machine, on their usual ports, and any other of OpenAI's shape.
extension Providers {
    static let local: [Provider] = [
        here("ollama", "Ollama", port: 11_434),
        here("llama-server", "llama.cpp's server", port: 8080),
        here("vllm", "vLLM", port: 8000),
        here("lm-studio", "LM Studio", port: 1234),
        // Its address has to be given.
        here("openai-compatible", "Any OpenAI-compatible API", port: 8000),
    ]

    private static func here(_ name: String, _ title: String, port: Int) -> Provider {
        Provider(
            name,
            title,
            "http://127.0.0.1:\(port)/v1",
            paths: ["completion": "/v1/completions", "rerank": "/v1/rerank"]
        ) { $0.hasDeveloperRole = name == "openai-compatible" }.with { $0.auth = .none }
    }
}
