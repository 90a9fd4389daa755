// SPDX-License-Identifier: MIT

/// Tells the line of a usage-only event, `"choices":[]` and a `usage` object, from every other line of a stream.
///
/// What it says about the beginning of a line is what it would say about the whole of it, so that it does not matter in
/// which pieces the line comes.
struct UsageLine: Sendable {
    /// What a line, or the beginning of one, is.
    enum Kind: Sendable, Hashable {
        /// More of the line is needed.
        case undecided
        /// The end of an event.
        case blank
        /// A comment, a name, an id.
        case other
        /// Data that is no usage-only event.
        case data
        /// A usage-only event.
        case usage
    }

    /// A line whose `choices` do not stand in its first so many bytes is no usage-only event.
    static let window = 4096
    /// Neither is a line longer than this.
    static let limit = 16_384

    /// Where `"choices"` stood in the last line that has them; an upstream puts them at the same place in each event.
    private var place = Int.max

    /// `data`, `"choices` and `":[` as little-endian numbers.
    private static var data: UInt32 { 0x6174_6164 }
    private static var opening: UInt64 { 0x7365_6369_6F68_6322 }
    private static var closing: UInt32 { 0x5B_3A22 }

    private enum Choices { case unknown, none, some, empty }

    /// Tells what the line in `range` is; `isComplete` says that its line feed follows, which is not in the range.
    mutating func kind(_ bytes: Span<UInt8>, _ range: Range<Int>, isComplete: Bool) -> Kind {
        var end = range.upperBound
        if isComplete, end > range.lowerBound, bytes[end &- 1] == ASCII.carriageReturn { end &-= 1 }
        let line = range.lowerBound..<end
        if line.isEmpty { return isComplete ? .blank : .undecided }
        if line.count < 5 {
            return !isComplete && Self.mayBecomeKnown(bytes, line) ? .undecided : .other
        }
        guard bytes.begins(line, with: "data:") else { return .other }
        if isSome(bytes, line) { return .data }
        var start = line.lowerBound &+ 5
        while start < end, bytes[start] == ASCII.space || bytes[start] == ASCII.tab { start &+= 1 }
        if start == end { return isComplete || line.count >= Self.window ? .data : .undecided }
        guard bytes[start] == ASCII.openBrace else { return .data }
        switch choices(bytes, start, line, isComplete: isComplete) {
        case .unknown: return isComplete || line.count >= Self.window ? .data : .undecided
        case .none, .some: return .data
        case .empty:
            guard range.count < Self.limit else { return .data }
            guard isComplete else { return .undecided }
            return Self.isUsageOnly(bytes, start..<end) ? .usage : .data
        }
    }

    /// Where the next event begins, if a whole event with something in its `choices` stands in `range`; nil when it takes
    /// a closer look to say. Almost every event of a stream goes this way.
    @inline(__always)
    func behindEvent(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard isSome(bytes, range), bytes[range.lowerBound &+ 4] == ASCII.colon,
            UInt32(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: range.lowerBound, as: UInt32.self))
                == Self.data,
            let end = bytes.firstIndex(of: ASCII.lineFeed, from: range.lowerBound, to: range.upperBound),
            // Otherwise that was the place in another line.
            end &- range.lowerBound > place,
            end &+ 1 < range.upperBound, bytes[end &+ 1] == ASCII.lineFeed
        else { return nil }
        return end &+ 2
    }

    /// Whether `"choices":[` stands where it stood before and something follows it.
    @inline(__always)
    private func isSome(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
        guard place < line.count &- 11 else { return false }
        let raw = bytes.bytes
        let start = line.lowerBound &+ place
        let rest = UInt32(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: start &+ 8, as: UInt32.self))
        let next = UInt8(truncatingIfNeeded: rest >> 24)
        return UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)) == Self.opening
            && rest & 0xFF_FFFF == Self.closing && next > ASCII.space && next != ASCII.closeBracket
    }

    /// Finds the first member `choices` in the window; looks where it stood before at first.
    private mutating func choices(
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ line: Range<Int>,
        isComplete: Bool
    ) -> Choices {
        let end = min(line.upperBound, line.lowerBound + Self.window)
        let isWhole = isComplete && end == line.upperBound || end == line.lowerBound + Self.window
        if place != Int.max {
            let known = line.lowerBound + place
            // The answer must not depend on how much of the line is here.
            if known + 9 > end, !isWhole { return .unknown }
            if known >= start, known + 9 <= end, bytes.matches(known..<(known + 9), "\"choices\"") {
                let found = Self.value(bytes, behind: known + 9, end, isWhole: isWhole)
                if found != .none { return found }
            }
        }
        var index = start
        while let quote = bytes.firstIndex(of: ASCII.quote, from: index, to: end) {
            guard quote + 9 <= end else { return isWhole ? .none : .unknown }
            index = quote + 1
            guard bytes.matches(quote..<(quote + 9), "\"choices\"") else { continue }
            let found = Self.value(bytes, behind: quote + 9, end, isWhole: isWhole)
            if found == .some { place = quote - line.lowerBound }
            if found != .none { return found }
        }
        return isWhole ? .none : .unknown
    }

    /// What follows the word: `.none` when it is no member with an array.
    private static func value(_ bytes: Span<UInt8>, behind word: Int, _ end: Int, isWhole: Bool) -> Choices {
        var index = word
        let missing: Choices = isWhole ? .none : .unknown
        guard let colon = next(bytes, &index, end) else { return missing }
        guard colon == ASCII.colon else { return .none }
        guard let opening = next(bytes, &index, end) else { return missing }
        guard opening == ASCII.openBracket else { return .none }
        guard let first = next(bytes, &index, end) else { return missing }
        // A carriage return may turn out to be the end of the line.
        if first == ASCII.carriageReturn { return .none }
        return first == ASCII.closeBracket ? .empty : .some
    }

    /// Takes the next byte that is no space.
    private static func next(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int) -> UInt8? {
        while index < end {
            let byte = bytes[index]
            index += 1
            if byte != ASCII.space && byte != ASCII.tab { return byte }
        }
        return nil
    }

    /// Whether so short a beginning could become a blank line or data.
    private static func mayBecomeKnown(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
        if bytes[line.lowerBound] == ASCII.carriageReturn { return line.count == 1 }
        let word: StaticString = "data:"
        return word.withUTF8Buffer { wanted in
            for offset in 0..<line.count where bytes[line.lowerBound + offset] != wanted[offset] { return false }
            return true
        }
    }

    /// Whether a whole JSON object has no choice and a usage.
    private static func isUsageOnly(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var walker = JSONWalker(at: range.lowerBound, end: range.upperBound, depthLimit: 32)
        var hasEmptyChoices = false
        var hasUsage = false
        do {
            guard try walker.peek(bytes) == ASCII.openBrace else { return false }
            try walker.open(bytes)
            var isFirst = true
            while let key = try walker.nextKey(bytes, isFirst: &isFirst) {
                let next = try walker.peek(bytes)
                if bytes.matches(key.range, "choices") {
                    guard next == ASCII.openBracket else { return false }
                    let opening = walker.position
                    try walker.skipValue(bytes)
                    hasEmptyChoices = bytes.trimmed((opening + 1)..<(walker.position - 1)).isEmpty
                    guard hasEmptyChoices else { return false }
                    continue
                }
                if bytes.matches(key.range, "usage") { hasUsage = next == ASCII.openBrace }
                try walker.skipValue(bytes)
            }
            try walker.finish(bytes)
        } catch { return false }
        return hasEmptyChoices && hasUsage
    }
}
