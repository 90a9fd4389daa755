// SPDX-License-Identifier: MIT

/// Walks over one JSON document in order, checks its grammar on the way, and builds nothing.
struct JSONWalker {
    /// The offset of the next byte.
    private(set) var position: Int
    private let end: Int
    private let depthLimit: Int
    private let checksText: Bool
    private var depth = 0

    /// Deeper limits than this would let a document exhaust the thread's stack.
    static let deepest = 512

    /// `checksText` also refuses strings that are no UTF-8, of which two readers could make different names.
    init(at start: Int = 0, end: Int, depthLimit: Int, checksText: Bool = false) {
        self.checksText = checksText
        position = start
        self.end = end
        self.depthLimit = min(depthLimit, Self.deepest)
    }

    /// The next byte that is not white space, which stays unread.
    mutating func peek(_ bytes: Span<UInt8>) throws(JSONProblem) -> UInt8 {
        while position < end {
            let byte = bytes[position]
            if byte > ASCII.space { return byte }
            guard byte == ASCII.space || byte == ASCII.lineFeed || byte == ASCII.carriageReturn || byte == ASCII.tab
            else { throw JSONProblem(.unexpectedByte, at: position) }
            position += 1
        }
        throw JSONProblem(.unexpectedEnd, at: position)
    }

    /// Makes sure that only white space follows.
    mutating func finish(_ bytes: Span<UInt8>) throws(JSONProblem) {
        while position < end {
            let byte = bytes[position]
            guard byte == ASCII.space || byte == ASCII.lineFeed || byte == ASCII.carriageReturn || byte == ASCII.tab
            else { throw JSONProblem(.bytesAfterTheEnd, at: position) }
            position += 1
        }
    }

    /// Enters an object or array whose opening byte is next.
    mutating func open(_ bytes: Span<UInt8>) throws(JSONProblem) {
        guard depth < depthLimit else { throw JSONProblem(.tooDeep(limit: depthLimit), at: position) }
        depth += 1
        position += 1
    }

    /// The next member's key, or nil when the object ended; the member's value must be read before the next call.
    mutating func nextKey(_ bytes: Span<UInt8>, isFirst: inout Bool) throws(JSONProblem) -> JSONText? {
        guard try nextItem(bytes, closing: ASCII.closeBrace, isFirst: &isFirst) else { return nil }
        let key = try string(bytes)
        guard try peek(bytes) == ASCII.colon else { throw JSONProblem(.unexpectedByte, at: position) }
        position += 1
        return key
    }

    /// Whether another element follows; it must be read before the next call.
    mutating func nextElement(_ bytes: Span<UInt8>, isFirst: inout Bool) throws(JSONProblem) -> Bool {
        try nextItem(bytes, closing: ASCII.closeBracket, isFirst: &isFirst)
    }

    private mutating func nextItem(
        _ bytes: Span<UInt8>,
        closing: UInt8,
        isFirst: inout Bool
    ) throws(JSONProblem) -> Bool {
        let byte = try peek(bytes)
        if byte == closing {
            position += 1
            depth -= 1
            return false
        }
        if !isFirst {
            guard byte == ASCII.comma else { throw JSONProblem(.unexpectedByte, at: position) }
            position += 1
        }
        isFirst = false
        return true
    }

    /// Reads a string.
    mutating func string(_ bytes: Span<UInt8>) throws(JSONProblem) -> JSONText {
        guard try peek(bytes) == ASCII.quote else { throw JSONProblem(.unexpectedByte, at: position) }
        let start = position + 1
        var index = start
        var isEscaped = false
        while true {
            index = bytes.firstStringStop(from: index, to: end)
            guard index < end else { throw JSONProblem(.unexpectedEnd, at: end) }
            if bytes[index] == ASCII.quote { break }
            guard bytes[index] == ASCII.backslash else { throw JSONProblem(.controlCharacterInString, at: index) }
            isEscaped = true
            index = try behindEscape(bytes, at: index)
        }
        if checksText, let wrong = bytes.firstInvalidUTF8(from: start, to: index) {
            throw JSONProblem(.badUTF8, at: wrong)
        }
        position = index + 1
        return JSONText(range: start..<index, isEscaped: isEscaped)
    }

    private func behindEscape(_ bytes: Span<UInt8>, at backslash: Int) throws(JSONProblem) -> Int {
        guard backslash + 1 < end else { throw JSONProblem(.unexpectedEnd, at: end) }
        switch bytes[backslash + 1] {
        case ASCII.quote, ASCII.backslash, ASCII.slash, UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return backslash + 2
        case UInt8(ascii: "u"):
            for index in (backslash + 2)..<(backslash + 6) {
                guard index < end else { throw JSONProblem(.unexpectedEnd, at: end) }
                guard ASCII.hexValue(bytes[index]) != nil else { throw JSONProblem(.badEscape, at: backslash) }
            }
            return backslash + 6
        default: throw JSONProblem(.badEscape, at: backslash)
        }
    }

    /// Reads a number and returns its place.
    mutating func number(_ bytes: Span<UInt8>) throws(JSONProblem) -> Range<Int> {
        _ = try peek(bytes)
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        if position < end, bytes[position] == ASCII.zero {
            position += 1
        } else {
            try digits(bytes)
        }
        if position < end, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try digits(bytes)
        }
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < end, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            try digits(bytes)
        }
        return start..<position
    }

    private mutating func digits(_ bytes: Span<UInt8>) throws(JSONProblem) {
        guard position < end else { throw JSONProblem(.unexpectedEnd, at: position) }
        guard ASCII.isDigit(bytes[position]) else { throw JSONProblem(.badNumber, at: position) }
        while position < end, ASCII.isDigit(bytes[position]) { position += 1 }
    }

    /// Reads `true`, `false` or `null`.
    mutating func literal(_ bytes: Span<UInt8>, _ text: StaticString) throws(JSONProblem) {
        _ = try peek(bytes)
        let stop = position + text.utf8CodeUnitCount
        guard stop <= end else {
            throw JSONProblem(
                bytes.prefixMatches(position..<end, text) ? .unexpectedEnd : .unexpectedByte,
                at: position
            )
        }
        guard bytes.matches(position..<stop, text) else { throw JSONProblem(.unexpectedByte, at: position) }
        position = stop
    }

    /// Reads any value.
    mutating func skipValue(_ bytes: Span<UInt8>) throws(JSONProblem) {
        switch try peek(bytes) {
        case ASCII.quote: _ = try string(bytes)
        case ASCII.openBrace:
            try open(bytes)
            var isFirst = true
            while try nextKey(bytes, isFirst: &isFirst) != nil { try skipValue(bytes) }
        case ASCII.openBracket:
            try open(bytes)
            var isFirst = true
            while try nextElement(bytes, isFirst: &isFirst) { try skipValue(bytes) }
        case UInt8(ascii: "t"): try literal(bytes, "true")
        case UInt8(ascii: "f"): try literal(bytes, "false")
        case UInt8(ascii: "n"): try literal(bytes, "null")
        case UInt8(ascii: "-"), ASCII.zero...ASCII.nine: _ = try number(bytes)
        default: throw JSONProblem(.unexpectedByte, at: position)
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether all bytes of `range` are the beginning of `text`.
    fileprivate func prefixMatches(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count <= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { wanted in
            for offset in 0..<range.count where self[range.lowerBound + offset] != wanted[offset] { return false }
            return true
        }
    }
}
