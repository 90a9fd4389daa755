// SPDX-License-Identifier: MIT

/// Cuts a request with many inputs into requests that an instance takes: the same body, with a part of the inputs each.
public struct BatchSplit: Sendable, Hashable {
    /// The whole list, with its brackets.
    private let list: Range<Int>
    /// Where each input stands.
    private let items: [Range<Int>]
    private let limit: Int

    /// How many inputs there are.
    public var count: Int { items.count }
    /// How many requests it makes.
    public var parts: Int { (items.count + limit - 1) / limit }

    /// Reads the list at `list`, the place of `input` or `documents` in a well-formed body.
    ///
    /// Returns nil where nothing is to be split: a single text, one prompt as an array of tokens, or no more inputs than
    /// `limit`.
    public init?(_ bytes: Span<UInt8>, list: Range<Int>, limit: Int) {
        guard limit > 0, !list.isEmpty, bytes[list.lowerBound] == ASCII.openBracket else { return nil }
        var walker = JSONWalker(at: list.lowerBound, end: list.upperBound, depthLimit: JSONWalker.deepest)
        var items: [Range<Int>] = []
        do throws(JSONProblem) {
            try walker.open(bytes)
            var isFirst = true
            while try walker.nextElement(bytes, isFirst: &isFirst) {
                let first = try walker.peek(bytes)
                if ASCII.isDigit(first) { return nil }
                let start = walker.position
                try walker.skipValue(bytes)
                items.append(start..<walker.position)
            }
        } catch { return nil }
        guard items.count > limit else { return nil }
        self.list = list
        self.items = items
        self.limit = limit
    }

    /// The index of a part's first input in the whole.
    public func offset(of part: Int) -> Int { part * limit }

    /// Appends the body of one part.
    public func append(part: Int, of bytes: Span<UInt8>, to output: inout [UInt8]) {
        let range = offset(of: part)..<min(items.count, offset(of: part) + limit)
        guard let first = items[range].first, let last = items[range].last else { return }
        output.append(bytes, 0..<list.lowerBound)
        output.append(ASCII.openBracket)
        output.append(bytes, first.lowerBound..<last.upperBound)
        output.append(ASCII.closeBracket)
        output.append(bytes, list.upperBound..<bytes.count)
    }
}
