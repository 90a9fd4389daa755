// SPDX-License-Identifier: MIT

/// Cuts a request with many inputs into requests that an instance takes: the same body, with a part of the inputs each.
public struct BatchSplit: Sendable, Hashable {
    private let list: InputList
    private let limit: Int

    /// How many requests it makes.
    public var parts: Int { (list.items.count + limit - 1) / limit }

    /// Returns nil where there are no more inputs than `limit`.
    public init?(_ list: InputList, limit: Int) {
        guard limit > 0, list.items.count > limit else { return nil }
        self.list = list
        self.limit = limit
    }

    /// The index of a part's first input in the whole.
    public func offset(of part: Int) -> Int { part * limit }

    /// Appends the body of one part.
    public func append(part: Int, of bytes: Span<UInt8>, to output: inout [UInt8]) {
        let range = offset(of: part)..<min(list.items.count, offset(of: part) + limit)
        guard let first = list.items[range].first, let last = list.items[range].last else { return }
        output.append(bytes, 0..<list.place.lowerBound)
        output.append(ASCII.openBracket)
        output.append(bytes, first.lowerBound..<last.upperBound)
        output.append(ASCII.closeBracket)
        output.append(bytes, list.place.upperBound..<bytes.count)
    }
}
