// SPDX-License-Identifier: MIT

/// Follows a body's framing through bytes that arrive in any pieces: says which bytes are content and where the message
/// ends, and copies nothing.
public struct BodyScanner: Sendable {
    /// What stands at the offset.
    public enum Step: Sendable, Hashable {
        /// Content, which the offset has moved behind.
        case content(Range<Int>)
        /// All bytes are used and the message goes on.
        case needMore
        /// The message ended; the offset stands right behind it and does not move any more.
        case end
    }

    enum State: Sendable, Hashable {
        case untilClose
        case length(left: Int)
        case size(value: Int, digits: Int)
        case sizeExtension(value: Int, ChunkExtension)
        case sizeLineFeed(value: Int)
        case chunk(left: Int)
        case chunkReturn
        case chunkLineFeed
        case trailerStart
        case trailerName
        case trailerValue
        case trailerLineFeed
        case lastLineFeed
        case done
    }

    private(set) var state: State
    private var overhead = 0
    private var trailer = TrailerName()

    /// The most bytes that all chunk extensions and the trailer of one message may have together.
    public static let overheadLimit = 16_384
    /// The most hexadecimal digits of a chunk's size; 60 bits, so that no sum of sizes overflows.
    static let digitLimit = 15

    /// Creates a scanner that stands at the body's first byte.
    public init(_ framing: BodyFraming) {
        state =
            switch framing {
            case .none: .done
            case .length(let count): count > 0 ? .length(left: count) : .done
            case .chunked: .size(value: 0, digits: 0)
            case .untilClose: .untilClose
            }
    }

    /// Creates a scanner that stands in the middle of a body.
    init(standing state: State) { self.state = state }

    /// Whether the message is complete.
    public var isDone: Bool { state == .done }

    /// Whether the end of the connection is a proper end of the message here.
    public var endsWithConnection: Bool { state == .done || state == .untilClose }

    /// Reads on from `offset`; call it until it says `needMore` or `end`.
    public mutating func next(_ bytes: Span<UInt8>, from offset: inout Int) throws(BodyError) -> Step {
        while true {
            if state == .done { return .end }
            guard offset < bytes.count else { return .needMore }
            switch state {
            case .untilClose:
                return take(bytes.count - offset, &offset)
            case .length(let left):
                let count = min(left, bytes.count - offset)
                state = count == left ? .done : .length(left: left - count)
                return take(count, &offset)
            case .chunk(let left):
                let count = min(left, bytes.count - offset)
                state = count == left ? .chunkReturn : .chunk(left: left - count)
                return take(count, &offset)
            default:
                if skipPlainFraming(bytes, &offset) { continue }
                let byte = bytes[offset]
                offset += 1
                state = try following(byte)
            }
        }
    }

    /// Steps over a plain chunk size or chunk end that stands here as a whole, which is how nearly all of them come;
    /// everything else goes byte by byte.
    @inline(__always)
    private mutating func skipPlainFraming(_ bytes: Span<UInt8>, _ offset: inout Int) -> Bool {
        if state == .chunkReturn {
            guard Self.endsLine(bytes, offset) else { return false }
            offset += 2
            state = .size(value: 0, digits: 0)
            return true
        }
        guard state == .size(value: 0, digits: 0) else { return false }
        var index = offset
        var value = 0
        // Seven digits and the line end stand in what is nearly always there.
        let limit = min(index + 7, bytes.count)
        while index < limit, let digit = ASCII.hexValue(bytes[index]) {
            value = value << 4 | Int(digit)
            index += 1
        }
        guard index > offset, Self.endsLine(bytes, index) else { return false }
        state = value == 0 ? .trailerStart : .chunk(left: value)
        offset = index + 2
        return true
    }

    @inline(__always)
    private static func endsLine(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
        index + 1 < bytes.count && bytes[index] == ASCII.carriageReturn && bytes[index + 1] == ASCII.lineFeed
    }

    private func take(_ count: Int, _ offset: inout Int) -> Step {
        let start = offset
        offset += count
        return .content(start..<offset)
    }

    /// The state behind one byte of the framing itself.
    private mutating func following(_ byte: UInt8) throws(BodyError) -> State {
        switch state {
        case .size(let value, let digits): return try behindSize(byte, value, digits)
        case .sizeExtension(let value, let place):
            if byte == ASCII.carriageReturn, place.mayEnd { return .sizeLineFeed(value: value) }
            guard let next = place.following(byte) else { throw .badChunkExtension }
            try countOverhead()
            return .sizeExtension(value: value, next)
        case .sizeLineFeed(let value):
            guard byte == ASCII.lineFeed else { throw .badChunkSize }
            return value == 0 ? .trailerStart : .chunk(left: value)
        case .chunkReturn:
            guard byte == ASCII.carriageReturn else { throw .badChunkEnd }
            return .chunkLineFeed
        case .chunkLineFeed:
            guard byte == ASCII.lineFeed else { throw .badChunkEnd }
            return .size(value: 0, digits: 0)
        case .trailerStart where byte == ASCII.carriageReturn: return .lastLineFeed
        case .trailerStart, .trailerName:
            try countOverhead()
            if byte == ASCII.colon, state == .trailerName {
                guard !trailer.isAboutFraming else { throw .framingInTrailer }
                return .trailerValue
            }
            guard ASCII.isToken(byte) else { throw .badTrailer }
            if state == .trailerStart { trailer = TrailerName() }
            trailer.note(byte)
            return .trailerName
        case .trailerValue:
            if byte == ASCII.carriageReturn { return .trailerLineFeed }
            try countOverhead()
            guard ASCII.isFieldValue(byte) else { throw .badTrailer }
            return .trailerValue
        case .trailerLineFeed, .lastLineFeed:
            guard byte == ASCII.lineFeed else { throw .badTrailer }
            return state == .lastLineFeed ? .done : .trailerStart
        case .untilClose, .length, .chunk, .done: return state
        }
    }

    private mutating func behindSize(_ byte: UInt8, _ value: Int, _ digits: Int) throws(BodyError) -> State {
        if let digit = ASCII.hexValue(byte) {
            guard digits < Self.digitLimit else { throw .badChunkSize }
            return .size(value: value << 4 | Int(digit), digits: digits + 1)
        }
        guard digits > 0 else { throw .badChunkSize }
        switch byte {
        case ASCII.carriageReturn: return .sizeLineFeed(value: value)
        case ASCII.semicolon:
            try countOverhead()
            return .sizeExtension(value: value, .start)
        default: throw .badChunkSize
        }
    }

    private mutating func countOverhead() throws(BodyError) {
        overhead += 1
        if overhead > Self.overheadLimit { throw .overheadTooLong(limit: Self.overheadLimit) }
    }
}
