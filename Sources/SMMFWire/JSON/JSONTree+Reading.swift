// SPDX-License-Identifier: MIT

extension JSONTree {
    /// What a document may be at most.
    public struct Limits: Sendable, Hashable {
        /// Bytes of text.
        public var bytes: Int
        /// Levels of nesting; never more than 512.
        public var depth: Int
        /// Values in all; each takes about forty bytes, so that a text of brackets could take many times its size.
        public var values: Int

        /// Creates limits.
        public init(bytes: Int = 64 << 20, depth: Int = 128, values: Int = 1 << 20) {
            self.bytes = bytes
            self.depth = depth
            self.values = values
        }
    }

    /// Reads one document that is all of `bytes`.
    ///
    /// Strings must be UTF-8; a lone surrogate in an escape becomes U+FFFD. Throws ``JSONProblem`` for anything that is no
    /// JSON, for an object that has a key twice (readers differ in which one counts), and beyond the limits.
    public init(_ bytes: Span<UInt8>, limits: Limits = Limits()) throws(JSONProblem) {
        guard bytes.count <= limits.bytes else { throw JSONProblem(.tooLong(limit: limits.bytes), at: limits.bytes) }
        var walker = JSONWalker(end: bytes.count, depthLimit: limits.depth, checksText: true)
        var valuesLeft = limits.values
        self = try Self.value(&walker, bytes, &valuesLeft, limits)
        try walker.finish(bytes)
    }

    /// Reads one document that is all of `bytes`.
    public init(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONProblem) {
        try self.init(bytes.span, limits: limits)
    }

    /// Reads a document that stands in a string, as tool arguments do.
    public init(text: String, limits: Limits = Limits()) throws(JSONProblem) {
        try self.init(Array(text.utf8).span, limits: limits)
    }

    private static func value(
        _ walker: inout JSONWalker,
        _ bytes: Span<UInt8>,
        _ valuesLeft: inout Int,
        _ limits: Limits
    ) throws(JSONProblem) -> JSONTree {
        let next = try walker.peek(bytes)
        valuesLeft -= 1
        guard valuesLeft >= 0 else { throw JSONProblem(.tooManyValues(limit: limits.values), at: walker.position) }
        switch next {
        case ASCII.quote: return .string(try walker.string(bytes).decoded(in: bytes))
        case ASCII.openBrace: return .object(try object(&walker, bytes, &valuesLeft, limits))
        case ASCII.openBracket:
            try walker.open(bytes)
            var elements: [JSONTree] = []
            var isFirst = true
            while try walker.nextElement(bytes, isFirst: &isFirst) {
                elements.append(try value(&walker, bytes, &valuesLeft, limits))
            }
            return .array(elements)
        case UInt8(ascii: "t"):
            try walker.literal(bytes, "true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try walker.literal(bytes, "false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try walker.literal(bytes, "null")
            return .null
        case UInt8(ascii: "-"), ASCII.zero...ASCII.nine: return .number(bytes.text(try walker.number(bytes)))
        default: throw JSONProblem(.unexpectedByte, at: walker.position)
        }
    }

    private static func object(
        _ walker: inout JSONWalker,
        _ bytes: Span<UInt8>,
        _ valuesLeft: inout Int,
        _ limits: Limits
    ) throws(JSONProblem) -> JSONObject {
        try walker.open(bytes)
        var members: [JSONObject.Member] = []
        // Of few keys each is compared with each; of many a set knows.
        var seen: Set<[UInt8]> = []
        var isFirst = true
        while let place = try walker.nextKey(bytes, isFirst: &isFirst) {
            let key = place.decoded(in: bytes)
            if members.count == few { seen = Set(members.map { Array($0.key.utf8) }) }
            let isKnown =
                members.count < few
                ? members.contains { $0.key.utf8.elementsEqual(key.utf8) } : !seen.insert(Array(key.utf8)).inserted
            guard !isKnown else { throw JSONProblem(.repeatedKey, at: place.range.lowerBound) }
            members.append(JSONObject.Member(key, try value(&walker, bytes, &valuesLeft, limits)))
        }
        return JSONObject(checked: members)
    }

    private static var few: Int { 16 }
}
