// SPDX-License-Identifier: MIT

/// Counts the events of a stream and notices errors and `[DONE]`, looking at the first bytes of each line only.
struct EventCounter: Sendable {
    /// Events with data, `[DONE]` not counted.
    private(set) var events = 0
    private(set) var isDone = false
    private(set) var hasError = false

    private var hasData = false
    /// Whether the kind of the current line is known, and the rest of it of no interest.
    private var isDecided = false
    /// The beginning of a line that a piece of the stream ended in.
    private var held = InlineArray<48, UInt8>(repeating: 0)
    private var heldCount = 0

    /// Counts one line whose kind is known; `isComplete` says whether its line feed was read as well.
    mutating func note(_ line: EventLine, isComplete: Bool) {
        isDecided = !isComplete
        switch line {
        case .blank:
            if hasData { events += 1 }
            hasData = false
        case .data: hasData = true
        case .errorData:
            hasData = true
            hasError = true
        case .errorEvent: hasError = true
        case .done: isDone = true
        case .bareObject, .other: break
        }
    }

    mutating func feed(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            if isDecided {
                guard let end = bytes.firstIndex(of: ASCII.lineFeed, from: index, to: range.upperBound) else { return }
                isDecided = false
                index = end + 1
            } else {
                index = decide(bytes, index..<range.upperBound)
            }
        }
    }

    /// The stream ended, perhaps in the middle of a line.
    mutating func finish() {
        if heldCount > 0 { note(heldLine(), isComplete: true) }
        heldCount = 0
        note(.blank, isComplete: true)
    }

    /// Reads the beginning of a line; returns where to go on.
    private mutating func decide(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        let stop = min(range.upperBound, range.lowerBound + EventLine.prefix - heldCount)
        let end = bytes.firstIndex(of: ASCII.lineFeed, from: range.lowerBound, to: stop)
        let isWhole = end != nil || stop - range.lowerBound == EventLine.prefix
        if heldCount == 0, isWhole {
            note(EventLine(bytes, range.lowerBound..<(end ?? stop)), isComplete: end != nil)
            return end.map { $0 + 1 } ?? stop
        }
        for index in range.lowerBound..<(end ?? stop) {
            held[heldCount] = bytes[index]
            heldCount += 1
        }
        if end != nil || heldCount == EventLine.prefix {
            let line = heldLine()
            heldCount = 0
            note(line, isComplete: end != nil)
        }
        return end.map { $0 + 1 } ?? stop
    }

    private func heldLine() -> EventLine {
        EventLine(held.span, 0..<heldCount)
    }
}
