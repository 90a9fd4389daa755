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
        let edits = [first.list, first.usage].compactMap { $0 }.sorted { $0.lowerBound < $1.lowerBound }
        var copied = 0
        for edit in edits {
            output.append(frame.span, copied..<edit.lowerBound)
            if edit == first.list {
                append(places, parts, to: &output)
            } else {
                append(usage: answers, to: &output)
            }
            copied = edit.upperBound
        }
        output.append(frame.span, copied..<frame.count)
        return output
    }

    private static func append(_ places: [Place], _ parts: [Part], to output: inout [UInt8]) {
        output.append(ASCII.openBracket)
        for (number, place) in places.enumerated() {
            if number > 0 { output.append(ASCII.comma) }
            let bytes = parts[place.part].body
            let range = place.item.place
            if let index = place.item.indexPlace {
                output.append(bytes.span, range.lowerBound..<index.lowerBound)
                output.append(decimal: place.index)
                output.append(bytes.span, index.upperBound..<range.upperBound)
            } else {
                output.append(bytes.span, range)
            }
        }
        output.append(ASCII.closeBracket)
    }

    private static func append(usage answers: [BatchAnswer], to output: inout [UInt8]) {
        var sums: [(name: String, value: Int)] = []
        for count in answers.flatMap(\.counts) {
            if let index = sums.firstIndex(where: { $0.name == count.name }) {
                sums[index].value = sums[index].value.addingReportingOverflow(count.value).partialValue
            } else {
                sums.append(count)
            }
        }
        output.append(ASCII.openBrace)
        for (number, sum) in sums.enumerated() {
            if number > 0 { output.append(ASCII.comma) }
            output.append(json: sum.name)
            output.append(ASCII.colon)
            output.append(decimal: sum.value)
        }
        output.append(ASCII.closeBrace)
    }
}
