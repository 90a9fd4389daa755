// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRouting

/// Chooses the instance for each attempt of one request: group after group, each instance at most once, and not the
/// ones that just failed others. A value without clock or socket.
struct InstanceChooser: Sendable {
    /// The most attempts for one request, however many instances there are.
    static let attemptLimit = 5

    let entry: RouteEntry
    private(set) var tried: [InstanceID] = []

    init(_ entry: RouteEntry) { self.entry = entry }

    /// The next instance, or nil when there is none left to try.
    ///
    /// When all circuits are open the first attempt goes through nevertheless: a wrong guess costs one refused
    /// connection, a wrong refusal costs the request.
    mutating func next(
        breakers: [InstanceID: CircuitBreaker],
        at now: Duration,
        sequence: UInt64,
        random: UInt64,
        scratch: inout [RoutingCandidate]
    ) -> RouteInstance? {
        guard tried.count < Self.attemptLimit else { return nil }
        let found =
            pick(breakers, now, sequence, random, &scratch)
            ?? (tried.isEmpty ? pick([:], now, sequence, random, &scratch) : nil)
        if let found { tried.append(found.id) }
        return found
    }

    private func pick(
        _ breakers: [InstanceID: CircuitBreaker],
        _ now: Duration,
        _ sequence: UInt64,
        _ random: UInt64,
        _ scratch: inout [RoutingCandidate]
    ) -> RouteInstance? {
        for group in entry.groups {
            scratch.removeAll(keepingCapacity: true)
            for instance in group.instances {
                let isOpen = breakers[instance.id].map { !$0.allows(at: now) } ?? false
                let isEligible = !isOpen && !tried.contains(instance.id)
                scratch.append(RoutingCandidate(inFlight: instance.load.inFlight, isEligible: isEligible))
            }
            guard let index = group.policy.pick(from: scratch, sequence: sequence, random: random),
                group.instances.indices.contains(index), scratch[index].isEligible
            else { continue }
            return group.instances[index]
        }
        return nil
    }
}
