// SPDX-License-Identifier: MIT

/// The models that a key may use: exact names, and beginnings followed by `*`. Without any pattern it is all of them.
///
/// A route counts by its own name: a key for `assistant` reaches what stands behind it.
public struct ModelScope: Sendable, Hashable {
    /// As given.
    public let patterns: [String]
    private let names: Set<String>
    private let beginnings: [String]

    /// Every model.
    public static let all = ModelScope(checked: [])

    /// The most patterns, so that a look-up has a bound.
    public static let patternLimit = 100

    /// Creates a scope; throws ``SMMFError`` with the field `models` for a pattern that could match no model.
    public init(_ patterns: [String]) throws(SMMFError) {
        guard patterns.count <= Self.patternLimit else {
            throw SMMFError(
                .invalidRequest,
                "A key may name at most \(Self.patternLimit) models.",
                field: "models",
                nextStep: "Give the models a common beginning and name them as beginning*."
            )
        }
        for pattern in patterns {
            let stem = pattern.hasSuffix("*") ? String(pattern.dropLast()) : pattern
            guard !stem.contains("*"), pattern == "*" || ModelName.isValid(stem) else {
                throw SMMFError(
                    .invalidRequest,
                    "models has \"\(pattern)\", which is neither a model's name nor a beginning followed by *.",
                    field: "models"
                )
            }
        }
        self.init(checked: patterns)
    }

    private init(checked patterns: [String]) {
        self.patterns = patterns
        names = Set(patterns.filter { !$0.hasSuffix("*") })
        beginnings = patterns.filter { $0.hasSuffix("*") }.map { String($0.dropLast()) }
    }

    /// Whether the key may use the model of this name.
    public func allows(_ model: String) -> Bool {
        patterns.isEmpty || names.contains(model) || beginnings.contains { model.utf8.starts(with: $0.utf8) }
    }
}

extension ModelScope: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode([String].self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(patterns)
    }
}
