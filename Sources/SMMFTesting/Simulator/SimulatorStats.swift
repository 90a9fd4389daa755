// SPDX-License-Identifier: MIT

/// What a simulated engine has counted; only generating requests count, not `/health` and the like.
///
/// Always `started == finished + cancelled + faulted + active + waiting`.
public struct SimulatorStats: Sendable, Hashable, Codable {
    /// Requests that were accepted for generation, those that wait for a slot included.
    public var started = 0
    /// Answered to the end, error answers included.
    public var finished = 0
    /// The client closed before the end.
    public var cancelled = 0
    /// Broken off by the script: reset, fin, garbage.
    public var faulted = 0
    /// In a slot now.
    public var active = 0
    /// Waiting for a slot now.
    public var waiting = 0
    /// The most that were in a slot at once.
    public var peakActive = 0
    /// Of the active ones, those that wait for `/sim/release`.
    public var held = 0
    /// Of the active ones, those that hang for ever.
    public var hanging = 0
    /// Tokens sent.
    public var tokens = 0
    /// Prompt tokens of the requests that got a slot.
    public var promptTokens = 0
    /// Connections accepted since the start.
    public var connections = 0
    /// Connections open now.
    public var openConnections = 0

    /// All zero.
    public init() {}

    /// As it stands at `GET /sim/stats`.
    var json: String {
        """
        {"started":\(started),"finished":\(finished),"cancelled":\(cancelled),"faulted":\(faulted),\
        "active":\(active),"waiting":\(waiting),"peakActive":\(peakActive),"held":\(held),"hanging":\(hanging),\
        "tokens":\(tokens),"promptTokens":\(promptTokens),\
        "connections":\(connections),"openConnections":\(openConnections)}
        """
    }
}
