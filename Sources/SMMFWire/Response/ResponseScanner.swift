// SPDX-License-Identifier: MIT

/// Follows the content of an answer through pieces of any size: tells an error in a 200 from an answer before anything
/// is sent on, and afterwards counts events and keeps the tail where usage stands. It changes nothing.
public struct ResponseScanner: Sendable {
    /// What the beginning of the answer turned out to be.
    public enum Verdict: Sendable, Hashable {
        /// More bytes are needed.
        case undecided
        case answer
        /// An error that hides behind a good status.
        case error
        /// The answer ended before its first event.
        case empty
    }

    private enum Phase: Sendable, Hashable {
        /// JSON, of which the first bytes are gathered.
        case gatheringJSON
        /// A stream whose first event is gathered line by line.
        case gatheringEvent
        /// A stream behind its first event.
        case events
        /// Bytes of no interest but for the tail.
        case passing
    }

    /// How much of a JSON body is gathered to look for an error; an error object is shorter or says so early.
    static let jsonWindow = 512
    /// A first event longer than this is an answer.
    static let eventLimit = 65_536

    public private(set) var verdict = Verdict.undecided
    /// Bytes of content so far.
    public private(set) var contentBytes = 0
    private var phase: Phase
    private(set) var content: ResponseHead.Content
    private var saysError = false
    /// Whether a code that is not zero is an error too.
    private var sniffsCodes = false
    private var gathered: [UInt8] = []
    private var tail = ByteTail()
    private var counter = EventCounter()

    /// Events with data so far, `[DONE]` not counted.
    public var events: Int { counter.events }
    /// Whether `[DONE]` was seen.
    public var isDone: Bool { counter.isDone }
    /// Whether an error event was seen, at the beginning or later.
    public var hasError: Bool { verdict == .error || counter.hasError }

    /// Creates a scanner for one answer.
    public init(_ content: ResponseHead.Content = .opaque) {
        self.content = content
        phase = Self.phase(content)
        if phase == .passing { verdict = .answer }
    }

    /// Starts over for the next answer, with the memory of the last one.
    public mutating func reset(_ content: ResponseHead.Content, sniffsCodes: Bool = false) {
        self.content = content
        self.sniffsCodes = sniffsCodes
        contentBytes = 0
        phase = Self.phase(content)
        verdict = phase == .passing ? .answer : .undecided
        saysError = false
        gathered.removeAll(keepingCapacity: gathered.capacity <= 4096)
        tail.removeAll()
        counter = EventCounter()
    }

    private static func phase(_ content: ResponseHead.Content) -> Phase {
        switch content {
        case .eventStream: .gatheringEvent
        case .json: .gatheringJSON
        case .opaque, .coded: .passing
        }
    }

    /// Reads content.
    public mutating func feed(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        contentBytes += range.count
        var start = range.lowerBound
        if phase == .gatheringJSON { gatherJSON(bytes, range) }
        while phase == .gatheringEvent, start < range.upperBound {
            start = gatherEvent(bytes, start..<range.upperBound)
        }
        if phase == .events { counter.feed(bytes, start..<range.upperBound) }
        tail.append(bytes, range)
    }

    /// The answer is complete, or will not be.
    public mutating func finish() {
        switch phase {
        case .gatheringJSON: decideJSON()
        case .gatheringEvent: decideLine(isComplete: true)
        case .events: break
        case .passing: break
        }
        counter.finish()
        if verdict == .undecided { verdict = .empty }
    }

    /// Looks for usage and the finish reason in the last bytes; worth calling once, at the end.
    ///
    /// A JSON answer may also begin with its usage and end with a long list, as llama.cpp's embeddings do.
    public func readTail() -> ResponseTail {
        var found = ResponseTail(tail.ordered().span)
        if found.usage == nil, content == .json { found.usage = ResponseTail.lastUsage(gathered.span) }
        return found
    }

    /// Whether the stream has said anything yet; worth asking after each read until it is so.
    public var hasSpoken: Bool {
        guard events > 0 else { return false }
        return events >= FirstContent.eventLimit || contentBytes > ByteTail.size
            || FirstContent.isIn(tail.ordered().span)
    }

    private mutating func gatherJSON(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let count = min(range.count, Self.jsonWindow - gathered.count)
        gathered.append(bytes, range.lowerBound..<(range.lowerBound + count))
        if gathered.count == Self.jsonWindow { decideJSON() }
    }

    private mutating func decideJSON() {
        guard !gathered.isEmpty else { return }
        verdict = ErrorSniffer.isError(gathered.span, 0..<gathered.count, codes: sniffsCodes) ? .error : .answer
        phase = .passing
    }

    /// Gathers up to the end of a line and decides on it; returns where to go on.
    private mutating func gatherEvent(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        // The line end must stand within the limit, so that a line of just that length is too long wherever it is cut.
        let limit = min(range.upperBound, range.lowerBound + Self.eventLimit - gathered.count)
        let end = bytes.firstIndex(of: ASCII.lineFeed, from: range.lowerBound, to: limit)
        let stop = end ?? limit
        gathered.append(bytes, range.lowerBound..<stop)
        if end != nil {
            decideLine(isComplete: true)
            return stop + 1
        }
        if gathered.count == Self.eventLimit {
            decideLine(isComplete: false)
            accept()
        }
        return stop
    }

    private mutating func decideLine(isComplete: Bool) {
        var line = takeGathered()
        let kind = EventLine(line.span, 0..<min(line.count, EventLine.prefix))
        switch kind {
        case .errorEvent: saysError = true
        case .bareObject, .data, .errorData:
            if saysError || ErrorSniffer.isError(line.span, kind.payload(0..<line.count), codes: sniffsCodes) {
                verdict = .error
            }
            accept()
        case .done: accept()
        case .blank: saysError = false
        case .other: break
        }
        counter.note(kind, isComplete: isComplete)
        line.removeAll(keepingCapacity: true)
        gathered = line
    }

    /// Moves the gathered bytes out, so that reading them and changing the rest do not overlap.
    private mutating func takeGathered() -> [UInt8] {
        let bytes = gathered
        gathered = []
        return bytes
    }

    private mutating func accept() {
        if verdict == .undecided { verdict = .answer }
        phase = .events
    }
}
