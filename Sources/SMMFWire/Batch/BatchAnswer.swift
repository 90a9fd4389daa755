// SPDX-License-Identifier: MIT

/// The answer to one part of a batch: where its items and its usage stand. Nothing is built of the items, which may be
/// vectors of thousands of numbers.
struct BatchAnswer: Sendable, Hashable {
    struct Item: Sendable, Hashable {
        var place: Range<Int>
        /// Where the value of `index` stands in it; nil where it has none.
        var indexPlace: Range<Int>?
        var index: Int
        /// The relevance, where it has one.
        var score: Double?
    }

    /// The list of items, with its brackets.
    private(set) var list = 0..<0
    private(set) var items: [Item] = []
    /// The usage object, and its whole numbers.
    private(set) var usage: Range<Int>?
    private(set) var counts: [(name: String, value: Int)] = []

    static func == (left: Self, right: Self) -> Bool { left.list == right.list && left.items == right.items }

    func hash(into hasher: inout Hasher) {
        hasher.combine(list)
        hasher.combine(items)
    }

    /// Reads an answer of `{"data": […]}` or `{"results": […]}`; throws where it is neither.
    init(_ bytes: Span<UInt8>) throws(JSONProblem) {
        var walker = JSONWalker(end: bytes.count, depthLimit: 128)
        guard try walker.peek(bytes) == ASCII.openBrace else { throw JSONProblem(.unexpectedByte, at: 0) }
        try walker.open(bytes)
        var isFirst = true
        while let key = try walker.nextKey(bytes, isFirst: &isFirst) {
            let kind = try walker.peek(bytes)
            let start = walker.position
            if kind == ASCII.openBracket, bytes.matches(key.range, "data") || bytes.matches(key.range, "results") {
                try readItems(&walker, bytes)
                list = start..<walker.position
            } else if kind == ASCII.openBrace, bytes.matches(key.range, "usage") {
                try readCounts(&walker, bytes)
                usage = start..<walker.position
            } else {
                try walker.skipValue(bytes)
            }
        }
        guard !list.isEmpty else { throw JSONProblem(.unexpectedEnd, at: bytes.count) }
    }

    private mutating func readItems(_ walker: inout JSONWalker, _ bytes: Span<UInt8>) throws(JSONProblem) {
        try walker.open(bytes)
        var isFirst = true
        while try walker.nextElement(bytes, isFirst: &isFirst) {
            let kind = try walker.peek(bytes)
            var item = Item(place: 0..<0, index: items.count)
            let start = walker.position
            guard kind == ASCII.openBrace else {
                // A bare score, as DB-GPT's relevance has them.
                guard ASCII.isDigit(kind) || kind == UInt8(ascii: "-") else {
                    throw JSONProblem(.unexpectedByte, at: walker.position)
                }
                item.place = try walker.number(bytes)
                items.append(item)
                continue
            }
            try walker.open(bytes)
            var isFirstMember = true
            while let key = try walker.nextKey(bytes, isFirst: &isFirstMember) {
                let kind = try walker.peek(bytes)
                guard ASCII.isDigit(kind) || kind == UInt8(ascii: "-") else {
                    try walker.skipValue(bytes)
                    continue
                }
                let number = try walker.number(bytes)
                if bytes.matches(key.range, "index"), let value = Int(bytes.text(number)) {
                    item.indexPlace = number
                    item.index = value
                } else if bytes.matches(key.range, "relevance_score") || bytes.matches(key.range, "score") {
                    item.score = Double(bytes.text(number))
                }
            }
            item.place = start..<walker.position
            items.append(item)
        }
    }

    private mutating func readCounts(_ walker: inout JSONWalker, _ bytes: Span<UInt8>) throws(JSONProblem) {
        try walker.open(bytes)
        var isFirst = true
        while let key = try walker.nextKey(bytes, isFirst: &isFirst) {
            guard ASCII.isDigit(try walker.peek(bytes)) else {
                try walker.skipValue(bytes)
                continue
            }
            let number = try walker.number(bytes)
            if let value = Int(bytes.text(number)) { counts.append((key.decoded(in: bytes), value)) }
        }
    }
}
