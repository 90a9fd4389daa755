// SPDX-License-Identifier: MIT

import Synchronization

/// Where the loops leave the lines of the access log, and a writer off the loops finds them.
///
/// Each loop gathers lines in a buffer of its own and hands it over when it is full or at its next tick. What a writer does not come to fetch is bounded; lines beyond are dropped and counted.
public final class AccessLog: Sendable {
    /// A loop hands its buffer over when it has so many bytes; each time costs a wake-up and a call to the system.
    static let bufferSize = 96 * 1024
    /// Bytes that may wait for the writer.
    static let waitingLimit = 4 * 1024 * 1024
    /// Lines of the log, as one writer wrote them.
    public struct Batch: Sendable {
        /// Whole lines.
        public let bytes: [UInt8]
        public let lines: Int
    }

    /// How the log fared.
    public struct Counts: Sendable, Hashable {
        public internal(set) var written = 0
        public internal(set) var dropped = 0
    }

    private struct State {
        var waiting: [Batch] = []
        var bytes = 0
        var counts = Counts()
    }

    /// The part of all requests that is logged, from 0 to 1.
    public let sample: Double
    private let state = Mutex(State())
    private let onLines: @Sendable () -> Void

    /// Creates a log. `onLines` is called from a loop's thread when there is something to fetch where nothing was; it
    /// must return at once.
    public init(sample: Double, onLines: @escaping @Sendable () -> Void) {
        self.sample = min(max(sample, 0), 1)
        self.onLines = onLines
    }

    /// All that waits, in the order of its coming; empty when nothing does.
    public func take() -> [Batch] {
        state.withLock { state in
            defer {
                state.waiting = []
                state.bytes = 0
            }
            return state.waiting
        }
    }

    /// The writer has dealt with a batch, of which it could not write so many lines.
    public func finish(_ batch: Batch, dropped: Int = 0) {
        state.withLock { state in
            state.counts.written += batch.lines - dropped
            state.counts.dropped += dropped
        }
    }

    /// How many lines were written and dropped.
    public var counts: Counts { state.withLock(\.counts) }

    /// Takes a loop's lines.
    func put(_ batch: Batch) {
        let isFirst = state.withLock { state in
            guard state.bytes + batch.bytes.count <= Self.waitingLimit else {
                state.counts.dropped += batch.lines
                return false
            }
            state.waiting.append(batch)
            state.bytes += batch.bytes.count
            return state.waiting.count == 1
        }
        if isFirst { onLines() }
    }
}
