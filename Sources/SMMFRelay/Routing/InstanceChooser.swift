// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRouting

/// Chooses the instance for each attempt of one request: group after group, each instance at most once, and not the
/// ones that just failed others. A value without clock or socket.
struct InstanceChooser: Sendable {
    /// The most attempts for one request, however many instances there are.
    static let attemptLimit = 5
    /// The most instances of a group that a policy is shown: the best of so many random ones is as good as the best of
    /// all, and a request costs the same however many there are.
    static let windowLimit = 32

    let entry: RouteEntry
    private(set) var tried: [InstanceID] = []
    /// The group at which the request began, where the entry has a plan.
    private var lead = 0

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
        if let plan = entry.plan, tried.isEmpty { lead = plan.lead(random) }
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
        if let plan = entry.plan { return pick(by: plan, breakers, now, sequence, random, &scratch) }
        for group in entry.groups {
            if let found = pick(from: group, breakers, now, sequence, random, &scratch) { return found }
        }
        return nil
    }

    /// Goes by the plan: past groups that are full first, and when nobody else is left, to those as well.
    private func pick(
        by plan: RoutePlan,
        _ breakers: [InstanceID: CircuitBreaker],
        _ now: Duration,
        _ sequence: UInt64,
        _ random: UInt64,
        _ scratch: inout [RoutingCandidate]
    ) -> RouteInstance? {
        let last = entry.groups.count - 1
        if let full = plan.spillAbove {
            for (place, group) in entry.groups.enumerated() {
                let limit = place < last ? full : .max
                if let found = pick(from: group, below: limit, breakers, now, sequence, random, &scratch) {
                    return found
                }
            }
        }
        for place in entry.groups.indices {
            let group = entry.groups[plan.group(at: place, lead: lead)]
            if let found = pick(from: group, breakers, now, sequence, random, &scratch) { return found }
        }
        return nil
    }

    /// Asks a group's policy, about a random part of its instances where they are many, and then about all.
    private func pick(
        from group: RouteGroup,
        below limit: Int = .max,
        _ breakers: [InstanceID: CircuitBreaker],
        _ now: Duration,
        _ sequence: UInt64,
        _ random: UInt64,
        _ scratch: inout [RoutingCandidate]
    ) -> RouteInstance? {
        let count = group.instances.count
        var window = 0..<count
        if count > Self.windowLimit {
            // Other bits than the policies take, so that their choice does not depend on where the window lies.
            let start = Int((random &* 0x9E37_79B9_7F4A_7C15) >> 32) % count
            window = start..<(start + Self.windowLimit)
        }
        if let found = pick(from: group, window, below: limit, breakers, now, sequence, random, &scratch) {
            return found
        }
        guard window.count < count else { return nil }
        return pick(from: group, 0..<count, below: limit, breakers, now, sequence, random, &scratch)
    }

    /// Asks a group's policy about some of its instances; a window that goes beyond the last one goes on at the first.
    private func pick(
        from group: RouteGroup,
        _ window: Range<Int>,
        below limit: Int,
        _ breakers: [InstanceID: CircuitBreaker],
        _ now: Duration,
        _ sequence: UInt64,
        _ random: UInt64,
        _ scratch: inout [RoutingCandidate]
    ) -> RouteInstance? {
        let count = group.instances.count
        scratch.removeAll(keepingCapacity: true)
        for place in window {
            let instance = group.instances[place < count ? place : place - count]
            let isOpen = breakers[instance.id].map { !$0.allows(at: now) } ?? false
            let isResting = instance.rest?.rests(at: now.wholeNanoseconds) ?? false
            let isEligible = !isOpen && !isResting && !tried.contains(instance.id)
            scratch.append(RoutingCandidate(inFlight: instance.load.inFlight, isEligible: isEligible))
        }
        if limit < .max {
            for index in scratch.indices where scratch[index].inFlight >= limit { scratch[index].isEligible = false }
        }
        if group.isWeighted {
            for (index, place) in window.enumerated() {
                scratch[index].weight = group.instances[place < count ? place : place - count].weight
            }
        }
        guard let index = group.policy.pick(from: scratch, sequence: sequence, random: random),
            scratch.indices.contains(index), scratch[index].isEligible
        else { return nil }
        return group.instances[(window.lowerBound + index) % count]
    }

    /// Why nothing can be chosen where all instances rest, and the shortest time, in nanoseconds, until one does not.
    func resting(at now: Duration) -> (reason: InstanceRest.Reason, nanoseconds: UInt64)? {
        var shortest: (reason: InstanceRest.Reason, nanoseconds: UInt64)?
        for instance in entry.groups.lazy.flatMap(\.instances) {
            guard let rest = instance.rest, rest.rests(at: now.wholeNanoseconds) else { continue }
            let left = rest.left(at: now.wholeNanoseconds)
            if left < shortest?.nanoseconds ?? .max { shortest = (rest.reason, left) }
        }
        return shortest
    }
}

extension Duration {
    /// As monotonic clocks count; a negative duration is none.
    var wholeNanoseconds: UInt64 {
        let parts = components
        guard parts.seconds >= 0 else { return 0 }
        return UInt64(parts.seconds) * 1_000_000_000 + UInt64(max(0, parts.attoseconds) / 1_000_000_000)
    }
}
