// SPDX-License-Identifier: MIT

/// One change to a body: bytes that stand in for a range of the original.
public struct BodyEdit: Sendable, Hashable {
    public let range: Range<Int>
    public let replacement: [UInt8]

    /// Creates an edit; an empty range inserts.
    public init(range: Range<Int>, replacement: [UInt8]) {
        self.range = range
        self.replacement = replacement
    }

    init(_ range: Range<Int>, _ text: StaticString) {
        var bytes: [UInt8] = []
        bytes.append(literal: text)
        self.init(range: range, replacement: bytes)
    }

    /// By how many bytes it changes the body's length.
    public var growth: Int { replacement.count - range.count }

    /// Appends `bytes` with the edits applied; they must not overlap.
    public static func append(_ bytes: Span<UInt8>, with edits: [BodyEdit], to output: inout [UInt8]) {
        let copied = append(beginningOf: bytes, with: edits, to: &output)
        output.append(bytes, copied..<bytes.count)
    }

    /// Appends `bytes` up to the last edit, with the edits applied, and returns where the rest begins, which no edit
    /// touches.
    public static func append(
        beginningOf bytes: Span<UInt8>,
        with edits: [BodyEdit],
        to output: inout [UInt8]
    ) -> Int {
        var copied = 0
        let ordered = edits.count > 1 ? edits.sorted { $0.range.lowerBound < $1.range.lowerBound } : edits
        for edit in ordered {
            output.append(bytes, copied..<edit.range.lowerBound)
            output.append(contentsOf: edit.replacement)
            copied = edit.range.upperBound
        }
        return copied
    }
}
