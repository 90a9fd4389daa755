// SPDX-License-Identifier: MIT

/// One key of a provider's deployment, and its share of the requests.
public struct ProviderKey: Sendable, Hashable {
    public var secret: Secret
    /// How many requests it gets for each one of a key of weight 1.
    public var weight: Int

    /// The greatest weight.
    public static let heaviest = 1_000

    enum CodingKeys: String, CodingKey, CaseIterable {
        case secret = "key"
        case weight
    }

    /// Creates a key.
    public init(_ secret: Secret, weight: Int = 1) {
        self.secret = secret
        self.weight = weight
    }
}

extension ProviderKey: Codable {
    /// Reads a text, or an object with `key` and perhaps `weight`.
    public init(from decoder: any Decoder) throws {
        if let single = try? decoder.singleValueContainer(), (try? single.decode(String.self)) != nil {
            self.init(try Secret(from: decoder))
            return
        }
        try StrictKeys.check(decoder, known: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(Secret.self, forKey: .secret),
            weight: try container.decodeIfPresent(Int.self, forKey: .weight) ?? 1
        )
    }

    /// Writes a text where the weight is 1.
    public func encode(to encoder: any Encoder) throws {
        if weight == 1 { return try secret.encode(to: encoder) }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(secret, forKey: .secret)
        try container.encode(weight, forKey: .weight)
    }
}
