// SPDX-License-Identifier: MIT

import Synchronization

/// The requests of this process that run on one instance; shared by all event loops and kept across routing tables.
///
/// One relaxed atomic per instance and not one counter per loop: a policy then sees the true load, and two uncontended
/// additions a request cost less than a wrong choice.
public final class InstanceLoad: Sendable {
    private let count = Atomic<Int>(0)

    /// Creates a counter at zero.
    public init() {}

    /// The requests in flight now.
    public var inFlight: Int { count.load(ordering: .relaxed) }

    func enter() { count.wrappingAdd(1, ordering: .relaxed) }

    func leave() { count.wrappingSubtract(1, ordering: .relaxed) }
}
