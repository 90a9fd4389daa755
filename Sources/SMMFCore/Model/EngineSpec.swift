// SPDX-License-Identifier: MIT

/// How to run a model on an engine, in neutral terms that each engine translates to its own flags. What an engine has no
/// flag for, it refuses by the setting's name; nothing is dropped in silence.
public struct EngineSpec: Sendable, Hashable, Codable {
    /// The engine's name, such as `llama.cpp`.
    public var engine: String
    /// A model file, folder or repository name, as the engine understands it.
    public var source: String
    /// Context length in tokens for one request; the model's own when nil.
    public var context: Int?
    /// How many requests run at once; the engine's own default when nil.
    public var parallel: Int?
    /// Processor threads; the engine's own default when nil.
    public var threads: Int?
    /// Devices that share each layer of the model.
    public var tensorParallel: Int?
    /// The name of a quantization, as the engine calls it.
    public var quantization: String?
    /// The part of a device's memory that the engine may take, above 0 and at most 1.
    public var memoryShare: Double?
    /// Tokens that one step of the engine works on at the most.
    public var batchTokens: Int?
    /// LoRA adapters, by the names that requests use, with their files, folders or repositories.
    public var adapters: [String: String]
    /// More command-line arguments, passed to the engine as they are.
    public var arguments: [String]
    /// More environment variables for the engine's process.
    public var environment: [String: String]
    /// What each instance may use of its machine.
    public var limits: ResourceLimits

    enum CodingKeys: String, CodingKey, CaseIterable {
        case engine = "name"
        case source, context, parallel, threads, quantization, adapters, arguments, environment, limits
        case tensorParallel = "tensor_parallel"
        case memoryShare = "memory_share"
        case batchTokens = "batch_tokens"
    }

    /// Creates a specification with everything optional left to the engine.
    public init(
        engine: String,
        source: String,
        context: Int? = nil,
        parallel: Int? = nil,
        threads: Int? = nil,
        tensorParallel: Int? = nil,
        quantization: String? = nil,
        memoryShare: Double? = nil,
        batchTokens: Int? = nil,
        adapters: [String: String] = [:],
        arguments: [String] = [],
        environment: [String: String] = [:],
        limits: ResourceLimits = ResourceLimits()
    ) {
        self.engine = engine
        self.source = source
        self.context = context
        self.parallel = parallel
        self.threads = threads
        self.tensorParallel = tensorParallel
        self.quantization = quantization
        self.memoryShare = memoryShare
        self.batchTokens = batchTokens
        self.adapters = adapters
        self.arguments = arguments
        self.environment = environment
        self.limits = limits
    }
}
