// SPDX-License-Identifier: MIT

/// Takes the usage-only event out of a stream, for a client that did not ask for it, and leaves every other byte as it
/// is.
///
/// A read of the stream goes through `feed`, once for each range of content that the body's scanner found in it, and
/// then `pass` says what of it may be sent: first the bytes in ``lead``, then the range that it returns. Bytes are held
/// back only while the kind of their line is open, so that an event that comes in one piece is never kept waiting. Any
/// split of the input gives the same output.
public struct UsageEventFilter: Sendable {
    /// How the event leaves the body.
    public enum Removal: Sendable, Hashable {
        /// It is cut out: the body ends with its connection, or is put into chunks later.
        case cut
        /// A comment of the same length takes its place, as the body's length is fixed.
        case comment
        /// Its chunk is left out where it has one for itself; otherwise a comment takes its place in the chunks.
        case chunk
    }

    private enum Phase: Sendable, Hashable {
        /// The next byte begins a line.
        case lineStart
        /// In a line whose kind is not known yet.
        case open
        /// In a line that passes.
        case passing
        /// Behind the line of a usage-only event, which is one if a blank line follows.
        case found
    }

    /// A held line over more chunks than this passes.
    static let chunkLimit = 1024

    private let removal: Removal
    private var phase = Phase.lineStart
    private var usageLine = UsageLine()
    /// Whether the event had a line of data already.
    private var hasData = false
    /// The content of the line whose kind is open, where it did not come in one piece.
    private var line: [UInt8] = []
    private var sawReturn = false

    /// Whether bytes are held back; the first of them stands at `holdStart`, in front of this read when negative.
    private var isHolding = false
    private var holdStart = 0
    /// The held bytes of earlier reads.
    private var carry: [UInt8] = []
    /// The framing at the first held byte.
    private var anchor = BodyScanner(.none)
    private var chunksHeld = 0
    /// Where the line of a usage-only event ended.
    private var foundEnd = 0

    /// Whether the next content is the first of its chunk, and where that chunk's size begins.
    private var isAtChunkStart = true
    private var chunkStart = 0
    /// Bytes of this read up to here are sent or left out.
    private var passed = 0
    /// Where the content that was fed last ended.
    private var contentEnd = 0

    /// What is to be sent before the range that `pass` returned.
    public private(set) var lead: [UInt8] = []

    /// Creates a filter that stands at the body's first byte.
    public init(_ removal: Removal) { self.removal = removal }

    /// Reads the content in `range`, where `bytes` begin with this read; `body` is the scanner right behind it.
    public mutating func feed(_ bytes: Span<UInt8>, _ range: Range<Int>, _ body: BodyScanner) {
        if isAtChunkStart, isHolding { countChunk() }
        var index = range.lowerBound
        while index < range.upperBound {
            switch phase {
            case .lineStart:
                if let next = usageLine.behindEvent(bytes, index..<range.upperBound) {
                    release()
                    hasData = false
                    index = next
                } else {
                    index = begin(bytes, index, range, body)
                }
            case .open: index = gather(bytes, index, range, body)
            case .passing:
                guard let end = bytes.firstIndex(of: ASCII.lineFeed, from: index, to: range.upperBound) else {
                    index = range.upperBound
                    continue
                }
                phase = .lineStart
                index = end &+ 1
            case .found: index = confirm(bytes, index, range, body)
            }
        }
        contentEnd = range.upperBound
        isAtChunkStart = body.state == .chunkReturn
        if isAtChunkStart { chunkStart = range.upperBound &+ 2 }
    }

    /// Ends this read of `count` bytes, all of which the body's scanner has seen: what may be sent of them behind `lead`.
    public mutating func pass(_ bytes: Span<UInt8>, _ count: Int, _ body: BodyScanner) -> Range<Int> {
        if phase == .lineStart, removal == .chunk { holdChunkSize(body) }
        let start = min(passed, count)
        var end = count
        if isHolding {
            end = max(holdStart, start)
            carry.append(bytes, end..<count)
            holdStart = -carry.count
        }
        passed = max(0, passed &- count)
        chunkStart &-= count
        contentEnd &-= count
        foundEnd &-= count
        return start..<end
    }

    /// The message is complete, within this read or at the end of its connection: nothing stays open. Call `pass` next.
    public mutating func finish(_ bytes: Span<UInt8>) {
        if phase == .open, isEvent(lineKind(isComplete: true)) { found(contentEnd - 1) }
        if phase == .found { remove(bytes, upTo: foundEnd, dropsChunk: false) } else { release() }
        phase = .passing
    }

    /// Forgets what was sent as `lead`; to be called before the next read.
    public mutating func clearLead() {
        if !lead.isEmpty { lead.removeAll(keepingCapacity: lead.capacity <= Self.keptCapacity) }
    }

    /// Where the client stands in the body: behind everything but the held bytes.
    public func sent(_ body: BodyScanner) -> BodyScanner {
        if isHolding { return anchor }
        return passed > 0 ? BodyScanner(.chunked) : body
    }

    /// Memory up to this stays with a stream.
    private static let keptCapacity = 4096

    // MARK: Lines

    /// Looks at a line from its first byte; returns where to go on.
    private mutating func begin(_ bytes: Span<UInt8>, _ index: Int, _ range: Range<Int>, _ body: BodyScanner) -> Int {
        let end = bytes.firstIndex(of: ASCII.lineFeed, from: index, to: range.upperBound)
        let kind = usageLine.kind(bytes, index..<(end ?? range.upperBound), isComplete: end != nil)
        switch kind {
        case .undecided:
            hold(from: index, range, body)
            phase = .open
            line.append(bytes, index..<range.upperBound)
            return range.upperBound
        case .usage where isEvent(kind):
            hold(from: index, range, body)
            found(end ?? index)
        case .blank:
            release()
            hasData = false
        case .data, .usage:
            release()
            hasData = true
            phase = end == nil ? .passing : .lineStart
        case .other:
            release()
            phase = end == nil ? .passing : .lineStart
        }
        return end.map { $0 &+ 1 } ?? range.upperBound
    }

    /// Reads on in a line that came in pieces.
    private mutating func gather(_ bytes: Span<UInt8>, _ index: Int, _ range: Range<Int>, _ body: BodyScanner) -> Int {
        let room = min(range.upperBound, index + UsageLine.limit)
        let end = bytes.firstIndex(of: ASCII.lineFeed, from: index, to: room)
        line.append(bytes, index..<(end ?? room))
        let kind = lineKind(isComplete: end != nil)
        if kind == .undecided { return room }
        line.removeAll(keepingCapacity: line.capacity <= Self.keptCapacity)
        if isEvent(kind) {
            found(end ?? room)
        } else {
            release()
            if kind == .blank { hasData = false } else if kind != .other { hasData = true }
            phase = end == nil ? .passing : .lineStart
        }
        return end.map { $0 + 1 } ?? room
    }

    private mutating func found(_ lineFeed: Int) {
        phase = .found
        sawReturn = false
        foundEnd = lineFeed + 1
    }

    /// Looks for the blank line that makes an event of the line that was found.
    private mutating func confirm(_ bytes: Span<UInt8>, _ index: Int, _ range: Range<Int>, _ body: BodyScanner) -> Int {
        let byte = bytes[index]
        if byte == ASCII.carriageReturn, !sawReturn {
            sawReturn = true
        } else if byte == ASCII.lineFeed {
            let isChunk = index + 1 == range.upperBound && body.state == .chunkReturn && chunksHeld == 1
            remove(bytes, upTo: index + 1, dropsChunk: isChunk && anchor.state == .size(value: 0, digits: 0))
            phase = .lineStart
        } else {
            release()
            hasData = true
            phase = .passing
            return index
        }
        return index + 1
    }

    /// What the gathered line is.
    private mutating func lineKind(isComplete: Bool) -> UsageLine.Kind {
        var reader = usageLine
        let kind = reader.kind(line.span, 0..<line.count, isComplete: isComplete)
        usageLine = reader
        return kind
    }

    /// The second line of an event's data is no event of its own.
    private func isEvent(_ kind: UsageLine.Kind) -> Bool { kind == .usage && !hasData }

    // MARK: Holding

    private mutating func hold(from index: Int, _ range: Range<Int>, _ body: BodyScanner) {
        guard !isHolding else { return }
        isHolding = true
        chunksHeld = 1
        holdStart = index
        anchor = body
        guard removal == .chunk else { return }
        if isAtChunkStart, index == range.lowerBound {
            holdStart = chunkStart
            anchor = BodyScanner(.chunked)
        } else {
            anchor = BodyScanner(standing: .chunk(left: range.upperBound - index + Self.left(body)))
        }
    }

    /// Holds a started chunk size back, as its chunk may turn out to be the one that is left out.
    private mutating func holdChunkSize(_ body: BodyScanner) {
        switch body.state {
        case .size(_, digits: 0): break
        case .size, .sizeExtension, .sizeLineFeed, .chunk:
            guard isAtChunkStart, !isHolding else { return }
            isHolding = true
            chunksHeld = 0
            holdStart = chunkStart
            anchor = BodyScanner(.chunked)
        case .trailerStart, .trailerName, .trailerValue, .trailerLineFeed, .lastLineFeed, .done: release()
        default: break
        }
    }

    private static func left(_ body: BodyScanner) -> Int {
        if case .chunk(let left) = body.state { left } else { 0 }
    }

    private mutating func countChunk() {
        chunksHeld += 1
        guard chunksHeld > Self.chunkLimit, phase == .open else { return }
        release()
        line = []
        hasData = true
        phase = .passing
    }

    /// The held bytes may be sent.
    @inline(__always)
    private mutating func release() {
        guard isHolding else { return }
        isHolding = false
        guard !carry.isEmpty else { return }
        lead.append(contentsOf: carry)
        carry.removeAll(keepingCapacity: carry.capacity <= Self.keptCapacity)
    }

    /// Takes the held bytes up to `end` out.
    private mutating func remove(_ bytes: Span<UInt8>, upTo end: Int, dropsChunk: Bool) {
        if carry.isEmpty { lead.append(bytes, passed..<max(passed, holdStart)) }
        if !dropsChunk, removal != .cut {
            let start = lead.count
            lead.append(contentsOf: carry)
            lead.append(bytes, max(0, holdStart)..<max(0, end))
            // What is held behind the event, as `finish` may find, is sent as it is.
            Self.comment(
                &lead,
                from: start,
                to: start + end - holdStart,
                removal == .chunk ? anchor : .init(.untilClose)
            )
        } else if end < 0 {
            lead.append(contentsOf: carry.suffix(-end))
        }
        passed = max(0, dropsChunk ? end + 2 : end)
        carry.removeAll(keepingCapacity: carry.capacity <= Self.keptCapacity)
        isHolding = false
        hasData = false
    }

    /// Makes a comment of the content in a part of `bytes`, which begins with the framing at `scanner`.
    private static func comment(_ bytes: inout [UInt8], from start: Int, to end: Int, _ scanner: BodyScanner) {
        var scanner = scanner
        var offset = start
        var isFirst = true
        while offset < end, case .content(let range)? = try? scanner.next(bytes.span, from: &offset) {
            for index in range where index < end && bytes[index] > ASCII.carriageReturn {
                bytes[index] = isFirst ? ASCII.colon : ASCII.space
                isFirst = false
            }
        }
    }
}
