// SPDX-License-Identifier: MIT

/// How to reach a model at a provider.
public struct ProviderSpec: Sendable, Hashable, Codable {
    /// The provider's name, such as `openai`.
    public var provider: String
    /// What the provider calls the model; the deployment's own name when nil.
    public var source: String?
    /// Keys that share the requests; one that is refused or limited rests while others go on.
    public var keys: [ProviderKey]
    /// Stands in for the provider's usual base URL.
    public var base: String?
    /// What the provider's base URL has places for, such as `resource` or `region`.
    public var options: [String: String]

    /// The most keys of one deployment.
    public static let keyLimit = 64

    enum CodingKeys: String, CodingKey, CaseIterable {
        case provider = "name"
        case source, keys, options
        case base = "base_url"
    }

    /// Creates a specification.
    public init(
        provider: String,
        source: String? = nil,
        keys: [ProviderKey] = [],
        base: String? = nil,
        options: [String: String] = [:]
    ) {
        self.provider = provider
        self.source = source
        self.keys = keys
        self.base = base
        self.options = options
    }

    /// Reads a specification; `name` is required and unknown members are refused.
    public init(from decoder: any Decoder) throws {
        try StrictKeys.check(decoder, known: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            provider: try container.decode(String.self, forKey: .provider),
            source: try container.decodeIfPresent(String.self, forKey: .source),
            keys: try container.decodeIfPresent([ProviderKey].self, forKey: .keys) ?? [],
            base: try container.decodeIfPresent(String.self, forKey: .base),
            options: try container.decodeIfPresent([String: String].self, forKey: .options) ?? [:]
        )
    }
}
