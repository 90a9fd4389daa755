// SPDX-License-Identifier: MIT

/// An engine's own account of its work, in the same terms for every engine.
public struct LoadRecord: Sendable, Hashable, Codable {
    /// Requests being worked on.
    public var running: Int
    /// Requests waiting for a place.
    public var waiting: Int
    /// Tokens generated since the engine started, where it counts them.
    public var generatedTokens: UInt64?
    /// The part of the key-value cache in use, 0 to 1, where the engine tells.
    public var cacheUse: Double?

    /// Creates a record; what an engine does not tell stays nil.
    public init(running: Int = 0, waiting: Int = 0, generatedTokens: UInt64? = nil, cacheUse: Double? = nil) {
        self.running = running
        self.waiting = waiting
        self.generatedTokens = generatedTokens
        self.cacheUse = cacheUse
    }
}
