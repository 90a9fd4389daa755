// SPDX-License-Identifier: MIT

/// Puts small embedding requests that are alike but for their inputs into one, and takes its answer apart again.
public struct BatchGather: Sendable, Hashable {
    /// What requests must have in common to be put together: all of the body but the inputs.
    public struct Frame: Sendable, Hashable {
        fileprivate let front: [UInt8]
        fileprivate let back: [UInt8]
        fileprivate let isTokens: Bool

        /// The frame of a body.
        public init(_ bytes: Span<UInt8>, _ list: InputList) {
            var front: [UInt8] = []
            front.append(bytes, 0..<list.place.lowerBound)
            var back: [UInt8] = []
            back.append(bytes, list.place.upperBound..<bytes.count)
            self.front = front
            self.back = back
            isTokens = list.isTokens
        }
    }

    private let frame: Frame
    private var inputs: [UInt8] = []
    /// The number of inputs of each request, and their bytes.
    private var members: [(count: Int, bytes: Int)] = []

    public static func == (left: Self, right: Self) -> Bool {
        left.frame == right.frame && left.inputs == right.inputs
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(frame)
        hasher.combine(inputs)
    }

    /// Creates an empty batch.
    public init(_ frame: Frame) { self.frame = frame }

    /// Adds a request.
    public mutating func add(_ bytes: Span<UInt8>, _ list: InputList) {
        guard let first = list.items.first, let last = list.items.last else { return }
        if !inputs.isEmpty { inputs.append(ASCII.comma) }
        inputs.append(bytes, first.lowerBound..<last.upperBound)
        members.append((list.items.count, last.upperBound - first.lowerBound))
    }

    /// The body of the one request.
    public var body: [UInt8] {
        frame.front + [ASCII.openBracket] + inputs + [ASCII.closeBracket] + frame.back
    }

    /// Each request's answer, in the order in which they were added, with its share of the tokens.
    ///
    /// Engines tell the tokens of the whole: the share goes by the bytes of the inputs, and all shares make up the whole.
    /// Throws where the answer is none, or does not have all inputs.
    public func answers(from whole: Span<UInt8>) throws(JSONProblem) -> [[UInt8]] {
        let answer = try BatchAnswer(whole)
        let items = answer.items.sorted { $0.index < $1.index }
        let count = members.reduce(0) { $0 + $1.count }
        guard items.count == count, items.enumerated().allSatisfy({ $0 == $1.index }) else {
            throw JSONProblem(.unexpectedEnd, at: whole.count)
        }
        let bytes = max(1, members.reduce(0) { $0 + $1.bytes })
        var answers: [[UInt8]] = []
        var offset = 0
        var seen = 0
        for member in members {
            let before = seen
            seen += member.bytes
            let counts = answer.counts.map { total in
                (total.name, total.value * seen / bytes - total.value * before / bytes)
            }
            var output: [UInt8] = []
            BatchMerge.write(whole, answer, &output) { list in
                for index in offset..<(offset + member.count) {
                    if index > offset { list.append(ASCII.comma) }
                    BatchMerge.append(items[index], as: index - offset, whole, to: &list)
                }
            } counts: {
                counts
            }
            answers.append(output)
            offset += member.count
        }
        return answers
    }
}
