// SPDX-License-Identifier: MIT

/// Where an instance is in its life: `pending → starting → loading → warming → ready ⇄ suspect → draining →
/// stopped`, or `failed`; where its engine can and shall, also `ready → parking → parked → waking → ready`.
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
    /// Takes no new request, finishes the running ones, and gives up what memory it can.
    case parking
    /// The process waits without most of its memory, and serves again much sooner than after a start.
    case parked
    /// Takes its memory back; a first token is asked for before it serves.
    case waking
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
        case .pending, .starting, .loading, .warming, .suspect, .waking: true
        case .ready, .parking, .parked, .draining, .stopped, .failed: false
        }
    }
}
