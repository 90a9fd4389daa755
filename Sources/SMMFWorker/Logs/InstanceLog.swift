// SPDX-License-Identifier: MIT

import SMMFCore
import Synchronization

/// Everything an instance wrote: the newest lines in memory, more of them on disk.
///
/// Written on the task that reads the process's output and read by the worker, so its parts stand behind one lock.
final class InstanceLog: Sendable {
    private struct Parts: ~Copyable {
        var ring: LogRing
        var file: LogFile
    }

    private let parts: Mutex<Parts>

    /// Creates a log that goes on in `path`.
    init(path: String, ring: LogRing = LogRing()) {
        parts = Mutex(Parts(ring: ring, file: LogFile(path: path)))
    }

    /// Adds lines to both.
    func append(_ lines: [String]) {
        parts.withLock { parts in
            for line in lines { parts.ring.append(line) }
            parts.file.append(lines)
        }
    }

    /// The number of the newest line.
    var last: Int { parts.withLock { $0.ring.last } }

    /// Lines after number `line`, at most `limit`; a number beyond the newest one counts as the newest.
    func page(after line: Int, limit: Int) -> LogPage {
        parts.withLock { parts in
            let (first, lines) = parts.ring.lines(after: line, limit: limit)
            return LogPage(lines: lines, first: first, last: first + lines.count - 1)
        }
    }

    /// The newest lines after number `line`, at most `limit`: what one run of a process said last.
    func tail(_ limit: Int, after line: Int) -> [String] {
        parts.withLock { $0.ring.lines(after: max(line, $0.ring.last - limit), limit: limit).lines }
    }
}
