// SPDX-License-Identifier: MIT

/// Finds the lines of a head in bytes that arrive in any pieces; looks at each byte once.
struct HeadLines: Sendable {
    private var lineStart = 0
    private var searched = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// How many bytes the lines given out so far cover, their ends included.
    var consumed: Int { lineStart }

    /// The next complete line without its end, or nil when more bytes are needed.
    ///
    /// `bytes` starts at the head's first byte each time.
    mutating func next(in bytes: Span<UInt8>) throws(HeadError) -> Range<Int>? {
        let visible = min(bytes.count, limit)
        guard let end = bytes.firstIndex(of: ASCII.lineFeed, from: searched, to: visible) else {
            searched = visible
            if bytes.count > limit || visible == limit { throw .tooLong(limit: limit) }
            return nil
        }
        guard end > lineStart, bytes[end - 1] == ASCII.carriageReturn else { throw .bareLineFeed }
        let line = lineStart..<(end - 1)
        lineStart = end + 1
        searched = lineStart
        return line
    }
}
