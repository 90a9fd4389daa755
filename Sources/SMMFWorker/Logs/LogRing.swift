// SPDX-License-Identifier: MIT

/// The last lines of an instance's output, numbered from 1 over its whole life, within bounds of lines and bytes.
struct LogRing: Sendable {
    private let lineLimit: Int
    private let byteLimit: Int
    /// The kept lines begin at `head`; what stands before it is empty and goes when it has become half of all.
    private var lines: [String] = []
    private var head = 0
    private var bytes = 0
    /// The number of the newest line; 0 before the first.
    private(set) var last = 0

    /// Creates an empty ring.
    init(lineLimit: Int = 5000, byteLimit: Int = 1 << 20) {
        self.lineLimit = max(1, lineLimit)
        self.byteLimit = max(1, byteLimit)
    }

    /// The number of the oldest line kept; one more than ``last`` when there is none.
    var first: Int { last - count + 1 }

    private var count: Int { lines.count - head }

    /// Adds a line; the oldest ones make room.
    mutating func append(_ line: String) {
        lines.append(line)
        bytes += line.utf8.count
        last += 1
        while count > lineLimit || bytes > byteLimit && count > 1 { dropOldest() }
        if head > lines.count / 2 {
            lines.removeFirst(head)
            head = 0
        }
    }

    /// At most `limit` lines after number `line`, oldest first, and the number of the first of them; any numbers will do.
    func lines(after line: Int, limit: Int) -> (first: Int, lines: [String]) {
        // Both numbers may come from a peer, so they are made small before anything is added to them.
        let start = max(min(line, last) + 1, first)
        let end = min(last, start + min(max(limit, 0), count) - 1)
        guard start <= end else { return (start, []) }
        return (start, Array(lines[(head + start - first)...(head + end - first)]))
    }

    private mutating func dropOldest() {
        bytes -= lines[head].utf8.count
        lines[head] = ""
        head += 1
    }
}
