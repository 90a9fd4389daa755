// SPDX-License-Identifier: MIT

/// Puts the answers to the parts of a batch together: items in the order and with the indices of the whole, usage summed, and
/// everything else as the first part says it. Vectors keep the inputs' order, scores go down as rerank answers do.
public enum BatchMerge {
    /// One part's answer, and the index that its first input has in the whole.
    public struct Part: Sendable {
        public var body: [UInt8]
        public var offset: Int

        /// Creates a part.
        public init(body: [UInt8], offset: Int) {
            self.body = body
            self.offset = offset
        }
    }

    private struct Place {
        let part: Int
        let item: BatchAnswer.Item
        let index: Int
    }

    /// The merged answer; `top` cuts a list of scores. Throws where a part is no such answer.
    public static func merge(_ parts: [Part], top: Int? = nil) throws(JSONProblem) -> [UInt8] {
        var answers: [BatchAnswer] = []
        for part in parts { answers.append(try BatchAnswer(part.body.span)) }
        guard let first = answers.first, let frame = parts.first?.body else { return [] }
        var places: [Place] = []
        for (number, answer) in answers.enumerated() {
            for item in answer.items {
                places.append(Place(part: number, item: item, index: parts[number].offset + item.index))
            }
        }
        if places.contains(where: { $0.item.score != nil }) {
            places.sort { left, right in
                let scores = (left.item.score ?? -.infinity, right.item.score ?? -.infinity)
                return scores.0 != scores.1 ? scores.0 > scores.1 : left.index < right.index
            }
            if let top { places = Array(places.prefix(top)) }
        } else {
            places.sort { $0.index < $1.index }
        }
        var output: [UInt8] = []
        output.reserveCapacity(parts.reduce(0) { $0 + $1.body.count })
        write(frame.span, first, &output) { list in
            for (number, place) in places.enumerated() {
                if number > 0 { list.append(ASCII.comma) }
                let body = parts[place.part].body
                append(place.item, as: place.index, body.span, to: &list)
            }
        } counts: {
            sums(answers)
        }
        return output
    }

    /// Writes an answer again with another list and other counts of usage.
    static func write(
        _ bytes: Span<UInt8>,
        _ answer: BatchAnswer,
        _ output: inout [UInt8],
        list: (inout [UInt8]) -> Void,
        counts: () -> [(name: String, value: Int)]
    ) {
        let edits = [answer.list, answer.usage].compactMap { $0 }.sorted { $0.lowerBound < $1.lowerBound }
        var copied = 0
        for edit in edits {
            output.append(bytes, copied..<edit.lowerBound)
            if edit == answer.list {
                output.append(ASCII.openBracket)
                list(&output)
                output.append(ASCII.closeBracket)
            } else {
                append(counts(), to: &output)
            }
            copied = edit.upperBound
        }
        output.append(bytes, copied..<bytes.count)
    }

    /// Appends an item with another index.
    static func append(_ item: BatchAnswer.Item, as index: Int, _ bytes: Span<UInt8>, to output: inout [UInt8]) {
        guard let place = item.indexPlace else { return output.append(bytes, item.place) }
        output.append(bytes, item.place.lowerBound..<place.lowerBound)
        output.append(decimal: index)
        output.append(bytes, place.upperBound..<item.place.upperBound)
    }

    private static func sums(_ answers: [BatchAnswer]) -> [(name: String, value: Int)] {
        var sums: [(name: String, value: Int)] = []
        for count in answers.flatMap(\.counts) {
            if let index = sums.firstIndex(where: { $0.name == count.name }) {
                sums[index].value = sums[index].value.addingReportingOverflow(count.value).partialValue
            } else {
                sums.append(count)
            }
        }
        return sums
    }

    private static func append(_ counts: [(name: String, value: Int)], to output: inout [UInt8]) {
        output.append(ASCII.openBrace)
        for (number, count) in counts.enumerated() {
            if number > 0 { output.append(ASCII.comma) }
            output.append(json: count.name)
            output.append(ASCII.colon)
            output.append(decimal: count.value)
        }
        output.append(ASCII.closeBrace)
    }
}
