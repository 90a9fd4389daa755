// SPDX-License-Identifier: MIT

public import SMMFCore

/// A model that is known by name: where it comes from, how large it is, and what can serve it. Figures are those of the
/// model's own configuration file.
public struct CatalogModel: Sendable, Hashable, Codable {
    /// The shape that a key-value cache follows from.
    public struct Shape: Sendable, Hashable, Codable {
        public var layers: Int
        /// Heads that have keys and values of their own.
        public var heads: Int
        /// Numbers in one head.
        public var headSize: Int

        /// Creates a shape.
        public init(layers: Int, heads: Int, headSize: Int) {
            self.layers = layers
            self.heads = heads
            self.headSize = headSize
        }
    }

    /// The name to deploy it by.
    public var name: String
    public var kind: ModelKind
    /// Its repository on Hugging Face.
    public var huggingFace: String
    /// Its repository on ModelScope, where that has another name.
    public var modelScope: String?
    /// A repository on Hugging Face with GGUF files of it, for llama.cpp.
    public var gguf: String?
    /// Numbers in all, in billions; of a mixture of experts too.
    public var billions: Double
    /// Nil for models without a key-value cache.
    public var shape: Shape?
    /// Tokens in one request at the most.
    public var context: Int
    public var licence: String
    /// Engines that serve it, the best first, as far as the machine is right for them.
    public var engines: [String]
    /// Flags that it needs, by engine.
    public var arguments: [String: [String]]
    /// Bytes that one of its numbers takes in its repository: 2 for most, 4 for most encoders, less where it is published
    /// quantized.
    public var publishedBytes: Double

    /// A language model.
    static func language(
        _ name: String,
        _ huggingFace: String,
        modelScope: String? = nil,
        gguf: String? = nil,
        billions: Double,
        shape: (layers: Int, heads: Int, headSize: Int),
        context: Int,
        _ licence: String,
        engines: [String] = ["vllm", "sglang", "tgi", "lmdeploy", "transformers", "fastchat"],
        arguments: [String: [String]] = [:],
        publishedBytes: Double = 2
    ) -> CatalogModel {
        CatalogModel(
            name: name,
            kind: .language,
            huggingFace: huggingFace,
            modelScope: modelScope,
            gguf: gguf,
            billions: billions,
            shape: Shape(layers: shape.layers, heads: shape.heads, headSize: shape.headSize),
            context: context,
            licence: licence,
            engines: (gguf == nil ? [] : ["llama.cpp"]) + engines,
            arguments: arguments,
            publishedBytes: publishedBytes
        )
    }

    /// An embedding or rerank model.
    static func encoder(
        _ name: String,
        _ kind: ModelKind,
        _ huggingFace: String,
        billions: Double,
        context: Int,
        _ licence: String,
        engines: [String] = ["infinity", "tei", "vllm"],
        publishedBytes: Double = 4
    ) -> CatalogModel {
        CatalogModel(
            name: name,
            kind: kind,
            huggingFace: huggingFace,
            modelScope: nil,
            gguf: nil,
            billions: billions,
            shape: nil,
            context: context,
            licence: licence,
            engines: engines,
            arguments: [:],
            publishedBytes: publishedBytes
        )
    }
}
