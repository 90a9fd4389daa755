// SPDX-License-Identifier: MIT

/// Picks one instance for one request; a pure value, called on an event loop, so it must not wait, lock or allocate much.
public protocol RoutingPolicy: Sendable {
    /// The name in configuration, such as `least-load`.
    var name: String { get }
    /// The index of the chosen candidate, or nil when none is eligible.
    ///
    /// `random` is a fresh random number for this request; `sequence` counts the requests of this loop, for turn taking.
    func pick(from candidates: [RoutingCandidate], sequence: UInt64, random: UInt64) -> Int?
}

/// What a policy sees of an instance.
public struct RoutingCandidate: Sendable, Hashable {
    /// Requests of this API Server that run on it now.
    public var inFlight: Int
    /// Its share; only policies for instances that are not equal look at it.
    public var weight: Int32
    /// False when it was tried for this request already, or its circuit is open.
    public var isEligible: Bool

    /// Creates a candidate.
    public init(inFlight: Int = 0, weight: Int32 = 1, isEligible: Bool = true) {
        self.inFlight = inFlight
        self.weight = weight
        self.isEligible = isEligible
    }
}
