// SPDX-License-Identifier: MIT

import SMMFCore
import Synchronization

/// Reads the server's meter when the measuring begins and when it ends, on the loops themselves, so that both are read
/// at the same time as the counts are.
final class LoadWindow: Sendable {
    /// The beginning or the end of one loop's window.
    struct Edge: Sendable, Hashable {
        let loop: Int
        let isEnd: Bool
    }

    private struct Readings {
        var before: ProcessMeter.Reading?
        var after: ProcessMeter.Reading?
    }

    private let meter: ProcessMeter?
    private let readings = Mutex(Readings())

    init(_ meter: ProcessMeter?) { self.meter = meter }

    /// The first loop to begin and the last one to end make the window.
    func note(_ edge: Edge) {
        guard let meter else { return }
        let reading = meter.read()
        readings.withLock { readings in
            if edge.isEnd { readings.after = reading } else if readings.before == nil { readings.before = reading }
        }
    }

    /// What was read, when both were.
    func both() -> (before: ProcessMeter.Reading, after: ProcessMeter.Reading)? {
        readings.withLock { readings in
            guard let before = readings.before, let after = readings.after else { return nil }
            return (before, after)
        }
    }
}
