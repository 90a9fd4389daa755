// SPDX-License-Identifier: MIT

import SMMFCore

extension Catalog {
    /// Embedding and rerank models.
    static let encoders: [CatalogModel] = [
        .encoder("bge-m3", .embedding, "BAAI/bge-m3", billions: 0.568, context: 8_192, "MIT"),
        .encoder("bge-small-en-v1.5", .embedding, "BAAI/bge-small-en-v1.5", billions: 0.033, context: 512, "MIT"),
        .encoder("bge-large-zh-v1.5", .embedding, "BAAI/bge-large-zh-v1.5", billions: 0.326, context: 512, "MIT"),
        .encoder("bge-large-en-v1.5", .embedding, "BAAI/bge-large-en-v1.5", billions: 0.335, context: 512, "MIT"),
        .encoder(
            "bge-reranker-v2-m3",
            .rerank,
            "BAAI/bge-reranker-v2-m3",
            billions: 0.568,
            context: 8_192,
            "Apache 2.0"
        ),
        .encoder("bge-reranker-large", .rerank, "BAAI/bge-reranker-large", billions: 0.56, context: 512, "MIT"),
        .encoder(
            "qwen3-embedding-0.6b",
            .embedding,
            "Qwen/Qwen3-Embedding-0.6B",
            billions: 0.6,
            context: 32_768,
            "Apache 2.0",
            publishedBytes: 2
        ),
        .encoder(
            "qwen3-embedding-4b",
            .embedding,
            "Qwen/Qwen3-Embedding-4B",
            billions: 4.02,
            context: 32_768,
            "Apache 2.0",
            publishedBytes: 2
        ),
        .encoder(
            "qwen3-embedding-8b",
            .embedding,
            "Qwen/Qwen3-Embedding-8B",
            billions: 7.57,
            context: 32_768,
            "Apache 2.0",
            publishedBytes: 2
        ),
        .encoder(
            "qwen3-reranker-0.6b",
            .rerank,
            "Qwen/Qwen3-Reranker-0.6B",
            billions: 0.6,
            context: 32_768,
            "Apache 2.0",
            engines: ["vllm"],
            publishedBytes: 2
        ),
        .encoder(
            "qwen3-reranker-4b",
            .rerank,
            "Qwen/Qwen3-Reranker-4B",
            billions: 4.02,
            context: 32_768,
            "Apache 2.0",
            engines: ["vllm"],
            publishedBytes: 2
        ),
        .encoder(
            "qwen3-reranker-8b",
            .rerank,
            "Qwen/Qwen3-Reranker-8B",
            billions: 7.57,
            context: 32_768,
            "Apache 2.0",
            engines: ["vllm"],
            publishedBytes: 2
        ),
    ]
}
