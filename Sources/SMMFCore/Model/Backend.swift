// SPDX-License-Identifier: MIT

/// What answers for a model.
public enum Backend: Sendable, Hashable {
    /// An inference framework that SMMF starts.
    case engine(EngineSpec)
    /// Engines that somebody else runs.
    case endpoints([Endpoint])
    /// Other models, tried in order.
    case route([ModelName])
}

/// How to run a model on an engine, in neutral terms that each engine translates to its own flags.
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
    /// More command-line arguments, passed to the engine as they are.
    public var arguments: [String]
    /// More environment variables for the engine's process.
    public var environment: [String: String]

    enum CodingKeys: String, CodingKey, CaseIterable {
        case engine = "name"
        case source, context, parallel, threads, arguments, environment
    }

    /// Creates a specification with everything optional left to the engine.
    public init(
        engine: String,
        source: String,
        context: Int? = nil,
        parallel: Int? = nil,
        threads: Int? = nil,
        arguments: [String] = [],
        environment: [String: String] = [:]
    ) {
        self.engine = engine
        self.source = source
        self.context = context
        self.parallel = parallel
        self.threads = threads
        self.arguments = arguments
        self.environment = environment
    }
}
