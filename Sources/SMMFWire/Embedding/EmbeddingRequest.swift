// SPDX-License-Identifier: MIT

/// Texts to be turned into vectors.
public struct EmbeddingRequest: Sendable, Hashable {
    /// One text, or what a tokenizer made of it.
    public enum Input: Sendable, Hashable {
        case text(String)
        case tokens([Int])
    }

    /// What the vectors are for; some models embed questions and answers differently.
    public enum Purpose: String, Sendable, Hashable {
        case query, document, classification, clustering
    }

    public var model: String
    public var inputs: [Input]
    /// Whether the client sent one input and not a list of one.
    public var isSingle: Bool
    public var dimensions: Int?
    /// Whether the client wants vectors as base64 of little-endian floats.
    public var wantsBase64: Bool
    public var purpose: Purpose?
    /// Whether texts that are too long may be cut; nil leaves it to the backend.
    public var truncates: Bool?
    public var user: String?
    /// Members that are not part of every dialect.
    public var extra: JSONObject

    /// Creates a request.
    public init(
        model: String,
        inputs: [Input],
        isSingle: Bool = false,
        dimensions: Int? = nil,
        wantsBase64: Bool = false,
        purpose: Purpose? = nil,
        truncates: Bool? = nil,
        user: String? = nil,
        extra: JSONObject = [:]
    ) {
        self.model = model
        self.inputs = inputs
        self.isSingle = isSingle
        self.dimensions = dimensions
        self.wantsBase64 = wantsBase64
        self.purpose = purpose
        self.truncates = truncates
        self.user = user
        self.extra = extra
    }

    /// The inputs as texts; throws where one is tokens, which only OpenAI's shape can say.
    func texts(_ field: String = "input") throws(TranslationRefusal) -> [String] {
        var texts: [String] = []
        for (index, input) in inputs.enumerated() {
            guard case .text(let text) = input else {
                throw TranslationRefusal(
                    "The field `\(field)[\(index)]` holds tokens; this model's backend takes only texts.",
                    field: "\(field)[\(index)]"
                )
            }
            texts.append(text)
        }
        return texts
    }
}
