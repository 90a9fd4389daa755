// SPDX-License-Identifier: MIT

/// Where an instance is in its life: `pending → starting → loading → warming → ready ⇄ suspect → draining →
/// stopped`, or `failed`.
public enum InstanceState: String, Sendable, Hashable, Codable, CaseIterable {
    /// Placed, but nothing runs yet.
    case pending
    /// The process is being started.
    case starting
    /// The process runs and reads the model.
    case loading
    /// The engine answers; a first token is asked for.
    case warming
    /// Serves requests.
    case ready
    /// Was ready, but answers no more; serves again when a probe succeeds.
    case suspect
    /// Takes no new request and finishes the running ones.
    case draining
    /// Ended on request; nothing of it is left.
    case stopped
    /// Ended by itself; ``Instance/failure`` says why.
    case failed

    /// Whether requests may be sent to it.
    public var isServing: Bool { self == .ready }

    /// Whether it may serve soon without anybody's help.
    public var isComingUp: Bool {
        switch self {
        case .pending, .starting, .loading, .warming, .suspect: true
        case .ready, .draining, .stopped, .failed: false
        }
    }
}
