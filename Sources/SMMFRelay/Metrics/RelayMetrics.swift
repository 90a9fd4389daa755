// SPDX-License-Identifier: MIT

public import SMMFCore

/// The relay's counters: each loop keeps its own, and a reader gets their sum.
public struct RelayMetrics: Sendable, Hashable {
    /// By model name; only names in the routing table get here, so clients cannot add any.
    public internal(set) var models: [String: ModelTraffic] = [:]
    /// By instance, for those in the routing table.
    public internal(set) var instances: [InstanceID: InstanceTraffic] = [:]
    /// Requests refused before they reached a model, by status.
    public internal(set) var refused: [Int: Int] = [:]
    /// The part of them that was refused for its key, by reason.
    public internal(set) var keyRefusals: [KeyRefusalReason: Int] = [:]
    /// Requests to local routes.
    public internal(set) var local = 0
    /// Requests to models in flight now, held ones included.
    public internal(set) var inFlight = 0
    /// Requests held now for models on their way.
    public internal(set) var held = 0
    /// Client connections open now.
    public internal(set) var connections = 0
    /// HTTP/2 streams open now; each carries one request.
    public internal(set) var streams = 0
    public internal(set) var connectionsAccepted = 0
    public internal(set) var connectionsRefused = 0
    /// Connections that ended before their TLS handshake did.
    public internal(set) var handshakesFailed = 0
    /// Connections to instances open now.
    public internal(set) var upstreamConnections = 0
    /// Those of them without a request.
    public internal(set) var upstreamIdle = 0
    public internal(set) var upstreamConnects = 0
    public internal(set) var upstreamConnectFailures = 0
    /// Kept connections that turned out to be closed by the instance when the next request was sent.
    public internal(set) var staleConnections = 0
    public internal(set) var bytesFromClients = 0
    public internal(set) var bytesToClients = 0

    /// Creates empty counters.
    public init() {}

    mutating func add(_ other: RelayMetrics) {
        for (name, traffic) in other.models { models[name, default: ModelTraffic()].add(traffic) }
        for (id, traffic) in other.instances { instances[id, default: InstanceTraffic()].add(traffic) }
        refused.merge(other.refused, uniquingKeysWith: +)
        keyRefusals.merge(other.keyRefusals, uniquingKeysWith: +)
        local += other.local
        inFlight += other.inFlight
        held += other.held
        connections += other.connections
        connectionsAccepted += other.connectionsAccepted
        streams += other.streams
        connectionsRefused += other.connectionsRefused
        handshakesFailed += other.handshakesFailed
        upstreamConnections += other.upstreamConnections
        upstreamIdle += other.upstreamIdle
        upstreamConnects += other.upstreamConnects
        upstreamConnectFailures += other.upstreamConnectFailures
        staleConnections += other.staleConnections
        bytesFromClients += other.bytesFromClients
        bytesToClients += other.bytesToClients
    }
}
