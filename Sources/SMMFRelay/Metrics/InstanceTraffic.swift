// SPDX-License-Identifier: MIT

/// How the relay stands with one instance now, over all loops.
public struct InstanceTraffic: Sendable, Hashable {
    /// Connections open.
    public internal(set) var connections = 0
    /// Those of them without a request.
    public internal(set) var idle = 0
    /// Connections being opened.
    public internal(set) var connecting = 0
    /// Requests in line for a connection.
    public internal(set) var waiting = 0
    /// Loops whose circuit breaker keeps requests away from it.
    public internal(set) var openBreakers = 0

    /// Creates empty counters.
    public init() {}

    mutating func add(_ other: InstanceTraffic) {
        connections += other.connections
        idle += other.idle
        connecting += other.connecting
        waiting += other.waiting
        openBreakers += other.openBreakers
    }
}
