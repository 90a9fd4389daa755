// SPDX-License-Identifier: MIT

extension Catalog {
    /// Families of today.
    static let current: [CatalogModel] = [
        .language(
            "qwen3-0.6b",
            "Qwen/Qwen3-0.6B",
            gguf: "Qwen/Qwen3-0.6B-GGUF",
            billions: 0.75,
            shape: (28, 8, 128),
            context: 40_960,
            "Apache 2.0"
        ),
        .language(
            "qwen3-1.7b",
            "Qwen/Qwen3-1.7B",
            gguf: "Qwen/Qwen3-1.7B-GGUF",
            billions: 2.03,
            shape: (28, 8, 128),
            context: 40_960,
            "Apache 2.0"
        ),
        .language(
            "qwen3-4b",
            "Qwen/Qwen3-4B",
            gguf: "Qwen/Qwen3-4B-GGUF",
            billions: 4.02,
            shape: (36, 8, 128),
            context: 40_960,
            "Apache 2.0"
        ),
        .language(
            "qwen3-8b",
            "Qwen/Qwen3-8B",
            gguf: "Qwen/Qwen3-8B-GGUF",
            billions: 8.19,
            shape: (36, 8, 128),
            context: 40_960,
            "Apache 2.0"
        ),
        .language(
            "qwen3-14b",
            "Qwen/Qwen3-14B",
            gguf: "Qwen/Qwen3-14B-GGUF",
            billions: 14.77,
            shape: (40, 8, 128),
            context: 40_960,
            "Apache 2.0"
        ),
        .language(
            "qwen3-32b",
            "Qwen/Qwen3-32B",
            gguf: "Qwen/Qwen3-32B-GGUF",
            billions: 32.76,
            shape: (64, 8, 128),
            context: 40_960,
            "Apache 2.0"
        ),
        .language(
            "qwen3-30b-a3b",
            "Qwen/Qwen3-30B-A3B",
            gguf: "Qwen/Qwen3-30B-A3B-GGUF",
            billions: 30.53,
            shape: (48, 4, 128),
            context: 40_960,
            "Apache 2.0"
        ),
        .language(
            "llama-3.2-1b",
            "meta-llama/Llama-3.2-1B-Instruct",
            modelScope: "LLM-Research/Llama-3.2-1B-Instruct",
            gguf: "bartowski/Llama-3.2-1B-Instruct-GGUF",
            billions: 1.24,
            shape: (16, 8, 64),
            context: 131_072,
            "Llama 3.2 Community"
        ),
        .language(
            "llama-3.2-3b",
            "meta-llama/Llama-3.2-3B-Instruct",
            modelScope: "LLM-Research/Llama-3.2-3B-Instruct",
            gguf: "bartowski/Llama-3.2-3B-Instruct-GGUF",
            billions: 3.21,
            shape: (28, 8, 128),
            context: 131_072,
            "Llama 3.2 Community"
        ),
        .language(
            "llama-3.1-8b",
            "meta-llama/Llama-3.1-8B-Instruct",
            modelScope: "LLM-Research/Meta-Llama-3.1-8B-Instruct",
            gguf: "bartowski/Meta-Llama-3.1-8B-Instruct-GGUF",
            billions: 8.03,
            shape: (32, 8, 128),
            context: 131_072,
            "Llama 3.1 Community"
        ),
        .language(
            "llama-3.3-70b",
            "meta-llama/Llama-3.3-70B-Instruct",
            modelScope: "LLM-Research/Llama-3.3-70B-Instruct",
            gguf: "bartowski/Llama-3.3-70B-Instruct-GGUF",
            billions: 70.55,
            shape: (80, 8, 128),
            context: 131_072,
            "Llama 3.3 Community"
        ),
        .language(
            "deepseek-r1-distill-qwen-7b",
            "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B",
            gguf: "bartowski/DeepSeek-R1-Distill-Qwen-7B-GGUF",
            billions: 7.62,
            shape: (28, 4, 128),
            context: 131_072,
            "MIT"
        ),
        .language(
            "deepseek-r1-distill-qwen-14b",
            "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B",
            gguf: "bartowski/DeepSeek-R1-Distill-Qwen-14B-GGUF",
            billions: 14.77,
            shape: (48, 8, 128),
            context: 131_072,
            "MIT"
        ),
        .language(
            "deepseek-r1-distill-qwen-32b",
            "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B",
            gguf: "bartowski/DeepSeek-R1-Distill-Qwen-32B-GGUF",
            billions: 32.76,
            shape: (64, 8, 128),
            context: 131_072,
            "MIT"
        ),
        .language(
            "deepseek-v3",
            "deepseek-ai/DeepSeek-V3",
            billions: 671.0,
            shape: (61, 1, 288),
            context: 163_840,
            "DeepSeek",
            engines: ["vllm", "sglang", "tensorrt-llm"],
            publishedBytes: 1.03
        ),
        .language(
            "gemma-3-1b",
            "google/gemma-3-1b-it",
            modelScope: "LLM-Research/gemma-3-1b-it",
            gguf: "ggml-org/gemma-3-1b-it-GGUF",
            billions: 1.0,
            shape: (26, 1, 256),
            context: 32_768,
            "Gemma"
        ),
        .language(
            "gemma-3-4b",
            "google/gemma-3-4b-it",
            modelScope: "LLM-Research/gemma-3-4b-it",
            gguf: "ggml-org/gemma-3-4b-it-GGUF",
            billions: 4.3,
            shape: (34, 4, 256),
            context: 131_072,
            "Gemma"
        ),
        .language(
            "gemma-3-12b",
            "google/gemma-3-12b-it",
            modelScope: "LLM-Research/gemma-3-12b-it",
            gguf: "ggml-org/gemma-3-12b-it-GGUF",
            billions: 12.19,
            shape: (48, 8, 256),
            context: 131_072,
            "Gemma"
        ),
        .language(
            "gemma-3-27b",
            "google/gemma-3-27b-it",
            modelScope: "LLM-Research/gemma-3-27b-it",
            gguf: "ggml-org/gemma-3-27b-it-GGUF",
            billions: 27.43,
            shape: (62, 16, 128),
            context: 131_072,
            "Gemma"
        ),
        .language(
            "phi-4",
            "microsoft/phi-4",
            modelScope: "LLM-Research/phi-4",
            gguf: "microsoft/phi-4-gguf",
            billions: 14.66,
            shape: (40, 10, 128),
            context: 16_384,
            "MIT"
        ),
        .language(
            "phi-4-mini",
            "microsoft/Phi-4-mini-instruct",
            modelScope: "LLM-Research/Phi-4-mini-instruct",
            billions: 3.84,
            shape: (32, 8, 128),
            context: 131_072,
            "MIT"
        ),
        .language(
            "mistral-small-3.2",
            "mistralai/Mistral-Small-3.2-24B-Instruct-2506",
            billions: 24.01,
            shape: (40, 8, 128),
            context: 131_072,
            "Apache 2.0",
            arguments: ["vllm": ["--tokenizer-mode", "mistral"]]
        ),
        .language(
            "glm-4-9b",
            "zai-org/GLM-4-9B-0414",
            modelScope: "ZhipuAI/GLM-4-9B-0414",
            billions: 9.4,
            shape: (40, 2, 128),
            context: 32_768,
            "MIT"
        ),
        .language(
            "glm-4.5-air",
            "zai-org/GLM-4.5-Air",
            modelScope: "ZhipuAI/GLM-4.5-Air",
            billions: 106.0,
            shape: (46, 8, 128),
            context: 131_072,
            "MIT"
        ),
        .language(
            "gpt-oss-20b",
            "openai/gpt-oss-20b",
            gguf: "ggml-org/gpt-oss-20b-GGUF",
            billions: 20.91,
            shape: (24, 8, 64),
            context: 131_072,
            "Apache 2.0",
            engines: ["vllm", "sglang", "transformers"],
            publishedBytes: 0.66
        ),
        .language(
            "gpt-oss-120b",
            "openai/gpt-oss-120b",
            gguf: "ggml-org/gpt-oss-120b-GGUF",
            billions: 116.83,
            shape: (36, 8, 64),
            context: 131_072,
            "Apache 2.0",
            engines: ["vllm", "sglang", "transformers"],
            publishedBytes: 0.66
        ),
    ]
}
