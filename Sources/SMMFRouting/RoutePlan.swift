// SPDX-License-Identifier: MIT

/// How a route's requests go to its groups where that is more than one after the other: a value that is made with the
/// routing table, so that a request only reads it.
public struct RoutePlan: Sendable, Hashable {
    /// A request begins at a group with a chance by its weight; empty where it begins at the first.
    private let weights: [Int]
    private let total: UInt64
    /// With so many requests on an instance it counts as full, except in the last group, so that further ones spill over
    /// into the next group; no instance is ever full when nil.
    public let spillAbove: Int?

    /// Creates a plan for as many groups as there are weights; nil where it would be one after the other.
    public init?(weights: [Int?], spillAbove: Int? = nil) {
        let shares = weights.map { max(0, $0 ?? 0) }
        let total = shares.reduce(0, +)
        // Where everybody with a share is gone, the others stand in, in order.
        self.weights = total > 0 ? shares : []
        self.total = UInt64(total)
        self.spillAbove = weights.count > 1 ? spillAbove : nil
        guard total > 0 && weights.count > 1 || self.spillAbove != nil else { return nil }
    }

    /// The group at which a request begins.
    public func lead(_ random: UInt64) -> Int {
        guard total > 0 else { return 0 }
        // The bits that policies do not look at first, so that their choice does not depend on this one.
        var left = (random &* 0xD1B5_4A32_D192_ED03) >> 24 % total
        for (index, weight) in weights.enumerated() {
            if left < UInt64(weight) { return index }
            left -= UInt64(weight)
        }
        return 0
    }

    /// The group that comes at a place for a request that began at `lead`: that one first, then the others in their order.
    public func group(at place: Int, lead: Int) -> Int {
        if place == 0 { return lead }
        return place <= lead ? place - 1 : place
    }
}

/// What a group costs, for routes that prefer the cheap.
public enum RouteCost: Sendable, Hashable, Comparable {
    /// One's own engines and servers.
    case free
    /// Dollars for a million tokens, three of input for one of output.
    case priced(Double)
    /// Nobody knows, which is not the same as nothing.
    case unknown

    /// The places of the costs, the cheapest first; equals keep their order.
    public static func order(_ costs: [RouteCost]) -> [Int] {
        costs.indices.sorted { (costs[$0], $0) < (costs[$1], $1) }
    }
}
