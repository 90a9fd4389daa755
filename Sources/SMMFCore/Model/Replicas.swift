// SPDX-License-Identifier: MIT

/// How many instances a deployment may have.
public struct Replicas: Sendable, Hashable, Codable {
    public var min: Int
    public var max: Int

    /// The most instances one deployment may ask for.
    public static let limit = 1024

    /// Creates a range; throws ``SMMFError`` with the field `replicas` when it is empty, negative or too large.
    public init(min: Int, max: Int) throws(SMMFError) {
        guard min >= 0, max >= 1, min <= max, max <= Self.limit else {
            throw SMMFError(
                .invalidRequest,
                "replicas needs 0 <= min <= max and 1 <= max <= \(Self.limit), but min is \(min) and max is \(max).",
                field: "replicas"
            )
        }
        self.min = min
        self.max = max
    }

    private init(fixed count: Int) {
        self.min = count
        self.max = count
    }

    /// Exactly one instance.
    public static let one = Replicas(fixed: 1)

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let min = try container.decodeIfPresent(Int.self, forKey: .min)
        let max = try container.decodeIfPresent(Int.self, forKey: .max)
        try self.init(min: min ?? Swift.min(1, max ?? 1), max: max ?? Swift.max(1, min ?? 1))
    }
}
