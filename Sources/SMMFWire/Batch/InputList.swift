// SPDX-License-Identifier: MIT

/// Where the inputs of an embedding or rerank request stand in its body.
public struct InputList: Sendable, Hashable {
    /// The whole value of `input` or `documents`.
    public let place: Range<Int>
    /// Each input: the value itself where it is a single one.
    public let items: [Range<Int>]
    /// Whether the inputs are arrays of tokens, which engines do not take beside texts.
    public let isTokens: Bool

    /// Reads the value at `place` in a well-formed body; nil where it is no list of inputs.
    public init?(_ bytes: Span<UInt8>, at place: Range<Int>) {
        guard let start = place.first else { return nil }
        self.place = place
        guard bytes[start] == ASCII.openBracket else {
            items = [place]
            isTokens = false
            return
        }
        var walker = JSONWalker(at: start, end: place.upperBound, depthLimit: JSONWalker.deepest)
        var items: [Range<Int>] = []
        var hasLists = false
        do throws(JSONProblem) {
            try walker.open(bytes)
            var isFirst = true
            while try walker.nextElement(bytes, isFirst: &isFirst) {
                let first = try walker.peek(bytes)
                if ASCII.isDigit(first) {
                    // One prompt as an array of tokens.
                    self.items = [place]
                    isTokens = true
                    return
                }
                hasLists = hasLists || first == ASCII.openBracket
                let start = walker.position
                try walker.skipValue(bytes)
                items.append(start..<walker.position)
            }
        } catch { return nil }
        self.items = items
        isTokens = hasLists
    }
}
