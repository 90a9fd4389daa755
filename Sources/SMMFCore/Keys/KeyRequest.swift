// SPDX-License-Identifier: MIT

/// What somebody asks of a key that is to be made or changed.
public struct KeyRequest: Sendable, Hashable, Codable {
    public var name: String
    public var models: ModelScope
    public var limits: KeyLimits
    public var expires: Timestamp?

    /// The longest name, in characters.
    public static let longestName = 100

    /// Creates a request.
    public init(name: String, models: ModelScope = .all, limits: KeyLimits = .none, expires: Timestamp? = nil) {
        self.name = name
        self.models = models
        self.limits = limits
        self.expires = expires
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, models, limits, expires
    }

    /// Reads a request; `name` is required, and unknown members are refused.
    public init(from decoder: any Decoder) throws {
        try StrictKeys.check(decoder, known: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            models: try container.decodeIfPresent(ModelScope.self, forKey: .models) ?? .all,
            limits: try container.decodeIfPresent(KeyLimits.self, forKey: .limits) ?? .none,
            expires: try container.decodeIfPresent(Timestamp.self, forKey: .expires)
        )
    }

    /// Throws ``SMMFError`` that names the field at fault.
    public func validate(at now: Timestamp) throws(SMMFError) {
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard (1...Self.longestName).contains(name.count), isPlain, name.contains(where: { !$0.isWhitespace }) else {
            throw SMMFError(
                .invalidRequest,
                "name must have 1 to \(Self.longestName) characters, and say which application the key is for.",
                field: "name"
            )
        }
        try limits.validate()
        if let expires, expires <= now {
            throw SMMFError(.invalidRequest, "expires lies in the past.", field: "expires")
        }
    }
}
