// SPDX-License-Identifier: MIT

import SMMFTesting
import SMMFWire
import Testing

/// A stream's body behind a filter, fed in pieces as a relay does it.
private func filtered(_ body: [UInt8], _ framing: BodyFraming, cuts: [Int] = []) throws -> [UInt8] {
    let removal: UsageEventFilter.Removal =
        switch framing {
        case .chunked: .chunk
        case .length: .comment
        case .none, .untilClose: .cut
        }
    var filter = UsageEventFilter(removal)
    var scanner = BodyScanner(framing)
    var output: [UInt8] = []
    for piece in pieces(body, cuts) {
        filter.clearLead()
        var offset = 0
        reading: while true {
            switch try scanner.next(piece.span, from: &offset) {
            case .content(let range): filter.feed(piece.span, range, scanner)
            case .needMore: break reading
            case .end:
                filter.finish(piece.span)
                break reading
            }
        }
        let range = filter.pass(piece.span, offset, scanner)
        output += filter.lead + piece[range]
        if framing == .chunked {
            // The filter knows where the client stands: an epilogue behind that makes a well-framed end.
            var ended = output
            let error = ErrorEnvelope(.server, "broken")
            if BrokenStreamEpilogue.append(behind: filter.sent(scanner), error, to: &ended) {
                var again = BodyScanner(.chunked)
                var place = 0
                while case .content = try again.next(ended.span, from: &place) {}
                #expect(place == ended.count && !again.isDone)
            }
        }
    }
    if !scanner.isDone {
        filter.clearLead()
        filter.finish([UInt8]().span)
        output += filter.lead
    }
    return output
}

/// The content of a body.
private func content(_ body: [UInt8], _ framing: BodyFraming) throws -> [UInt8] {
    var scanner = BodyScanner(framing)
    var offset = 0
    var content: [UInt8] = []
    while case .content(let range) = try scanner.next(body.span, from: &offset) { content += body[range] }
    #expect(offset == body.count)
    return content
}

private func chunked(_ parts: [String]) -> [UInt8] {
    var body: [UInt8] = []
    for part in parts { BrokenStreamEpilogue.appendChunk([UInt8](part), to: &body) }
    return body + [UInt8]("0\r\n\r\n")
}

@Suite struct UsageEventFilterTests {
    static func event(_ text: String, end: String = "\n\n") -> String {
        "data: {\"id\":\"c-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\(text)\"}}],\"usage\":null}" + end
    }

    static let usage =
        "data: {\"id\":\"c-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n"
    static let done = "data: [DONE]\n\n"

    /// Streams, and what is left of their content.
    static let streams: [(stream: String, expected: String)] = {
        let words = event("a") + event("b") + event("c")
        var cases: [(String, String)] = [
            (words + usage + done, words + done),
            (words + usage, words),
            (usage + done, done),
            (usage + words + usage + done, words + done),
            (words + usage + usage + done, words + done),
            // The last event may lack its blank line, or even its line feed.
            (words + usage.dropLast(), words),
            (words + usage.dropLast(2), words),
            // Line ends, spaces, and no space behind the colon.
            (words + usage.replacing("\n", with: "\r\n") + done, words + done),
            (words + usage.replacing("data: ", with: "data:") + done, words + done),
            (words + usage.replacing("\"choices\":[]", with: "\"choices\" : [ ] ") + done, words + done),
            (words + ": ping\n\n" + usage + done, words + ": ping\n\n" + done),
            (words + "id: 7\n" + usage + done, words + "id: 7\n" + done),
        ]
        // What looks like it and is not.
        for other in [
            event("\\\"choices\\\":[],\\\"usage\\\":{}"),
            "data: {\"choices\":[],\"prompt_filter_results\":[{}]}\n\n",
            "data: {\"choices\":[],\"usage\":null}\n\n",
            "data: {\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":1}}\n\n",
            "data: {\"usage\":{\"prompt_tokens\":1}}\n\n",
            "data: {\"x\":{\"choices\":[]},\"usage\":{}}\n\n",
            "data: {\"choices\":[],\"usage\":{}\n\n",
            "data: {\"choices\":[],\"usage\":{}} x\n\n",
            "data: x\n" + usage,
            usage.dropLast() + "data: x\n\n",
            ": \"choices\":[],\"usage\":{}\n\n",
            "event: usage\ndata: x\n\n", "\n\n\n", "\r\n", "data\n\n", "da", "data:", "data:\n\n", "\rdata: {}\n\n",
        ] { cases.append((words + other + done, words + other + done)) }
        return cases
    }()

    @Test(arguments: streams)
    func takesTheEventOut(stream: String, expected: String) throws {
        #expect(try filtered([UInt8](stream), .untilClose).text == expected)
        for cuts in waysToCut(stream.utf8.count) {
            #expect(try filtered([UInt8](stream), .untilClose, cuts: cuts).text == expected)
        }
    }

    @Test(arguments: streams)
    func leavesACommentWhereTheLengthIsFixed(stream: String, expected: String) throws {
        let framing = BodyFraming.length(stream.utf8.count)
        let whole = try filtered([UInt8](stream), framing)
        #expect(whole.count == stream.utf8.count)
        #expect(Self.withoutComments(whole).text == Self.withoutComments([UInt8](expected)).text)
        for cuts in waysToCut(stream.utf8.count) {
            #expect(try filtered([UInt8](stream), framing, cuts: cuts) == whole)
        }
    }

    @Test func dropsAChunkOfItsOwn() throws {
        let body = chunked([Self.event("a"), Self.usage, Self.done])
        for cuts in waysToCut(body.count) {
            #expect(try filtered(body, .chunked, cuts: cuts) == chunked([Self.event("a"), Self.done]))
        }
        let start = "\r\ndata: {\"id\":\"c-1\",\"choices\":[]"
        let extended = [UInt8](body.text.replacing(start, with: ";a=b" + start))
        for cuts in waysToCut(extended.count) {
            #expect(try filtered(extended, .chunked, cuts: cuts) == chunked([Self.event("a"), Self.done]))
        }
    }

    @Test func leavesACommentInASharedChunk() throws {
        let hidden = ":" + String(repeating: " ", count: Self.usage.utf8.count - 3) + "\n\n"
        for (parts, expected) in [
            ([Self.event("a") + Self.usage, Self.done], [Self.event("a") + hidden, Self.done]),
            ([Self.event("a"), Self.usage + Self.done], [Self.event("a"), hidden + Self.done]),
            ([Self.event("a"), Self.usage + "\n"], [Self.event("a"), hidden + "\n"]),
        ] {
            let body = chunked(parts)
            for cuts in waysToCut(body.count) {
                #expect(try filtered(body, .chunked, cuts: cuts).text == chunked(expected).text)
            }
        }
        let split = chunked([
            Self.event("a"), String(Self.usage.prefix(40)), String(Self.usage.dropFirst(40)), Self.done,
        ])
        let parts = [Self.event("a"), String(hidden.prefix(40)), String(hidden.dropFirst(40)), Self.done]
        for cuts in waysToCut(split.count) {
            #expect(try filtered(split, .chunked, cuts: cuts).text == chunked(parts).text)
        }
    }

    @Test func anySplitAndAnyChunksGiveTheSame() throws {
        var random = SeededGenerator(seed: 12)
        for round in 0..<300 {
            let (stream, expected) = Self.streams[round % Self.streams.count]
            var bytes = [UInt8](stream)
            let isMutated = round > 100 && round % 3 == 0
            if isMutated { bytes = mutated(bytes, using: &random) }
            let places = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                Int.random(in: 0...bytes.count, using: &random)
            }
            let body = chunked(pieces(bytes, places).filter { !$0.isEmpty }.map(\.text))
            guard body.count < 4096, !body.text.contains("\u{FFFD}") else { continue }
            let whole = try filtered(body, .chunked)
            if !isMutated {
                let left = Self.withoutComments(try content(whole, .chunked))
                #expect(left.text == Self.withoutComments([UInt8](expected)).text)
            }
            for cuts in waysToCut(body.count, seed: UInt64(round)).shuffled(using: &random).prefix(60) {
                #expect(try filtered(body, .chunked, cuts: cuts) == whole, "round \(round), cuts \(cuts)")
            }
        }
    }

    @Test func longLinesPass() throws {
        let filler = String(repeating: "x", count: 5000)
        for line in [
            "data: {\"x\":\"\(filler)\",\"choices\":[],\"usage\":{}}\n\n",
            "data: {\"choices\":[],\"x\":\"\(filler)\(filler)\(filler)\(filler)\",\"usage\":{}}\n\n",
            "data: \(filler)\n\n", filler,
        ] {
            let bytes = [UInt8](line + Self.usage)
            let whole = try filtered(bytes, .untilClose)
            #expect(whole.starts(with: [UInt8](line)))
            for cut in [1, 6, 4095, 4096, 4097, 4102, 5019, 5020] {
                #expect(try filtered(bytes, .untilClose, cuts: [cut]) == whole)
            }
        }
        let long = "data: {\"choices\":[],\"x\":\"\(filler)\",\"usage\":{}}\n\n"
        for cut in [1, 20, 4096, 5000] { #expect(try filtered([UInt8](long), .untilClose, cuts: [cut]).isEmpty) }
    }

    /// Nothing but the beginning of a line whose kind is open waits for more.
    @Test func holdsNoMoreThanItMust() {
        var filter = UsageEventFilter(.cut)
        let first = [UInt8](Self.event("a") + "data: {\"id\":\"c-1\",\"choices\":[{\"index")
        filter.feed(first.span, 0..<first.count, BodyScanner(.untilClose))
        #expect(filter.pass(first.span, first.count, BodyScanner(.untilClose)) == 0..<first.count)
        let second = [UInt8]("\":0}]}\n\ndata: {\"id\":\"c-1\",\"choi")
        filter.feed(second.span, 0..<second.count, BodyScanner(.untilClose))
        #expect(filter.pass(second.span, second.count, BodyScanner(.untilClose)) == 0..<8)
        #expect(filter.lead.isEmpty)
    }

    /// Content without its comments and the blank lines behind them.
    private static func withoutComments(_ content: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isComment = false
        var rest = content[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 10).map { $0 + 1 } ?? rest.endIndex
            let line = rest[..<end]
            rest = rest[end...]
            let isBlank = line.allSatisfy { $0 == 10 || $0 == 13 }
            if !(isComment && isBlank), line.first != 58 { result += line }
            isComment = line.first == 58
        }
        return result
    }
}
