// SPDX-License-Identifier: MIT

/// Reads server-sent events from pieces of any size (WHATWG HTML, section 9.2.6), and the ways in which providers depart
/// from them: `data:` without a space, any line end, no last empty line, a JSON object on a line of its own, and DashScope's
/// status in a comment.
struct EventSource: Sendable {
    /// One event.
    struct Event: Sendable, Hashable {
        var name = ""
        var data: [UInt8] = []
        /// What DashScope says about the event's status.
        var status: Int?
    }

    /// An event, or the line it stands in, is not longer than this.
    let limit: Int
    private var line: [UInt8] = []
    private var event = Event()
    private var hasData = false
    private var isFirstLine = true
    private var skipsLineFeed = false

    init(limit: Int) { self.limit = limit }

    /// The next event that is complete, reading on from `offset`; nil when all of `bytes` is read.
    mutating func next(_ bytes: Span<UInt8>, from offset: inout Int) throws(NeutralError) -> Event? {
        while offset < bytes.count {
            if skipsLineFeed {
                skipsLineFeed = false
                if bytes[offset] == ASCII.lineFeed {
                    offset += 1
                    continue
                }
            }
            let stop = Self.lineEnd(bytes, from: offset)
            guard line.count + event.data.count + stop - offset <= limit else {
                throw NeutralError.unreadable("an event is longer than \(limit) bytes")
            }
            line.append(bytes, offset..<stop)
            offset = stop
            guard stop < bytes.count else { return nil }
            skipsLineFeed = bytes[stop] == ASCII.carriageReturn
            offset += 1
            if let event = takeLine() { return event }
        }
        return nil
    }

    /// What is left when the bytes are over: the last event, where its empty line is missing.
    mutating func finish() -> Event? {
        if !line.isEmpty, let event = takeLine() { return event }
        return flush()
    }

    private static func lineEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
        let feed = bytes.firstIndex(of: ASCII.lineFeed, from: start, to: bytes.count) ?? bytes.count
        return bytes.firstIndex(of: ASCII.carriageReturn, from: start, to: feed) ?? feed
    }

    /// Moves the line out, so that reading it and changing the rest do not overlap.
    private mutating func takeLine() -> Event? {
        var taken = line
        line = []
        if isFirstLine {
            isFirstLine = false
            if taken.starts(with: [0xEF, 0xBB, 0xBF]) { taken.removeFirst(3) }
        }
        let event = taken.isEmpty ? flush() : take(taken.span)
        taken.removeAll(keepingCapacity: true)
        line = taken
        return event
    }

    private mutating func take(_ line: Span<UInt8>) -> Event? {
        if line[0] == ASCII.openBrace {
            // A JSON line between events; what was gathered for an event does not belong to it.
            var data: [UInt8] = []
            data.append(line, 0..<line.count)
            return Event(name: event.name, data: data, status: event.status)
        }
        if line[0] == ASCII.colon {
            if line.begins(0..<line.count, with: ":HTTP_STATUS/") { noteStatus(line, from: 13) }
            return nil
        }
        let colon = line.firstIndex(of: ASCII.colon, from: 0, to: line.count) ?? line.count
        var start = min(colon + 1, line.count)
        if start < line.count, line[start] == ASCII.space { start += 1 }
        if line.matches(0..<colon, "data") {
            if hasData { event.data.append(ASCII.lineFeed) }
            event.data.append(line, start..<line.count)
            hasData = true
        } else if line.matches(0..<colon, "event") {
            event.name = line.text(start..<line.count)
        } else if line.matches(0..<colon, "status") {
            noteStatus(line, from: start)
        }
        return nil
    }

    private mutating func noteStatus(_ line: Span<UInt8>, from start: Int) {
        event.status = Int(line.text(start..<line.count).filter { $0 != " " })
    }

    private mutating func flush() -> Event? {
        defer {
            event = Event()
            hasData = false
        }
        return hasData ? event : nil
    }
}
