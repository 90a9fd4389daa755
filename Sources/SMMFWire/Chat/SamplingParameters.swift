// SPDX-License-Identifier: MIT

/// How tokens are chosen; what is nil is left to the backend.
public struct SamplingParameters: Sendable, Hashable {
    public var temperature: Double?
    public var topP: Double?
    public var topK: Int?
    public var minP: Double?
    public var frequencyPenalty: Double?
    public var presencePenalty: Double?
    public var repetitionPenalty: Double?
    public var seed: Int?
    /// OpenAI's map from tokens to biases.
    public var logitBias: JSONObject?

    /// Creates parameters of which nothing is set.
    public init() {}
}

/// The form that an answer must have.
public enum ResponseFormat: Sendable, Hashable {
    case text
    /// Some JSON object.
    case json
    case schema(ResponseSchema)
}

/// A JSON schema for answers.
public struct ResponseSchema: Sendable, Hashable {
    public var name: String
    public var description: String?
    public var schema: JSONTree
    public var isStrict: Bool?

    /// Creates a schema.
    public init(name: String, description: String? = nil, schema: JSONTree, isStrict: Bool? = nil) {
        self.name = name
        self.description = description
        self.schema = schema
        self.isStrict = isStrict
    }
}
