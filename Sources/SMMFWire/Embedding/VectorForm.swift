// SPDX-License-Identifier: MIT

/// Gives the vectors of an embedding answer the form that the client asked for, where the engine did not.
enum VectorForm {
    /// The answer in the wished form; nil where it has that already, or is no answer with vectors.
    static func change(_ bytes: Span<UInt8>, to wish: VectorWish) -> [UInt8]? {
        guard let places = try? places(bytes), !places.isEmpty else { return nil }
        var output: [UInt8] = []
        var copied = 0
        for place in places {
            let isText = bytes[place.lowerBound] == ASCII.quote
            guard isText != wish.isBase64 || wish.dimensions != nil else { return nil }
            guard var vector = Vector(bytes, place) else { return nil }
            let isLong = vector.values.count > wish.dimensions ?? .max
            guard isText != wish.isBase64 || isLong else { return nil }
            if let dimensions = wish.dimensions { vector.cut(to: dimensions) }
            output.append(bytes, copied..<place.lowerBound)
            vector.append(isBase64: wish.isBase64, to: &output)
            copied = place.upperBound
        }
        output.append(bytes, copied..<bytes.count)
        return output
    }

    /// Where the `embedding` values of `data` stand.
    private static func places(_ bytes: Span<UInt8>) throws(JSONProblem) -> [Range<Int>] {
        var walker = JSONWalker(end: bytes.count, depthLimit: 64)
        var places: [Range<Int>] = []
        guard try walker.peek(bytes) == ASCII.openBrace else { return [] }
        try walker.open(bytes)
        var isFirst = true
        while let key = try walker.nextKey(bytes, isFirst: &isFirst) {
            guard try walker.peek(bytes) == ASCII.openBracket, bytes.matches(key.range, "data") else {
                try walker.skipValue(bytes)
                continue
            }
            try walker.open(bytes)
            var isFirstItem = true
            while try walker.nextElement(bytes, isFirst: &isFirstItem) {
                guard try walker.peek(bytes) == ASCII.openBrace else { return [] }
                try walker.open(bytes)
                var isFirstMember = true
                while let member = try walker.nextKey(bytes, isFirst: &isFirstMember) {
                    _ = try walker.peek(bytes)
                    let start = walker.position
                    try walker.skipValue(bytes)
                    if bytes.matches(member.range, "embedding") { places.append(start..<walker.position) }
                }
            }
        }
        return places
    }
}
