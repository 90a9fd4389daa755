// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWorker

@Suite("Lines of output")
struct LineSplitterTests {
    @Test("Any split of the bytes gives the same lines", arguments: 1...50)
    func anySplit(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let alphabet = Array("ab\n\r é".utf8)
        let bytes = (0..<200).compactMap { _ in alphabet.randomElement(using: &generator) }
        var whole = LineSplitter()
        let expected = whole.take(bytes) + [whole.finish()].compactMap { $0 }
        var split = LineSplitter()
        var lines: [String] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(Int.random(in: 1...7, using: &generator))
            lines += split.take(part)
            rest = rest.dropFirst(part.count)
        }
        lines += [split.finish()].compactMap { $0 }
        #expect(lines == expected)
        #expect(lines.allSatisfy { !$0.isEmpty && !$0.contains("\n") && !$0.contains("\r") })
    }

    @Test("A carriage return ends a line, so that a progress bar is seen while it moves")
    func carriageReturn() {
        var splitter = LineSplitter()
        #expect(splitter.take("10%\r20%\r\n\nend".utf8) == ["10%", "20%"])
        #expect(splitter.finish() == "end")
        #expect(splitter.finish() == nil)
    }

    @Test("An endless line keeps its beginning and costs no more memory than that")
    func endlessLine() {
        var splitter = LineSplitter()
        for _ in 0..<100 { #expect(splitter.take(repeatElement(UInt8(ascii: "x"), count: 1000)).isEmpty) }
        #expect(splitter.take("\n".utf8).map(\.utf8.count) == [LineSplitter.longestLine])
        #expect(splitter.take("next\n".utf8) == ["next"])
    }
}
