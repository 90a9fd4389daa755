// SPDX-License-Identifier: MIT

/// Reads lines from pieces of any size, for streams with a JSON document on each; empty ones are left out.
struct LineSource: Sendable {
    /// A line is not longer than this.
    let limit: Int
    private var line: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    /// The next line that is complete, reading on from `offset`; nil when all of `bytes` is read.
    mutating func next(_ bytes: Span<UInt8>, from offset: inout Int) throws(NeutralError) -> [UInt8]? {
        while offset < bytes.count {
            let feed = bytes.firstIndex(of: ASCII.lineFeed, from: offset, to: bytes.count)
            let stop = feed ?? bytes.count
            guard line.count + stop - offset <= limit else {
                throw NeutralError.unreadable("a line is longer than \(limit) bytes")
            }
            line.append(bytes, offset..<stop)
            offset = stop
            guard feed != nil else { return nil }
            offset += 1
            if let line = finish() { return line }
        }
        return nil
    }

    /// What is left when the bytes are over.
    mutating func finish() -> [UInt8]? {
        defer { line.removeAll(keepingCapacity: true) }
        return line.contains { $0 > ASCII.space } ? line : nil
    }
}
