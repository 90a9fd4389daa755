// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

/// Any split of the bytes gives the same result: here for the parts that other suites do not see from outside.
@Suite struct SplitLawTests {
    private static let streams = [
        "data: {\"a\":1}\n\ndata:{\"error\":{}}\r\n\r\nevent: error\n: c\nid: 1\ndata: [DONE]\n\n",
        "data: " + String(repeating: "x", count: 41) + "\ndata: " + String(repeating: "x", count: 42) + "\n\n",
        "data: " + String(repeating: "x", count: 40) + "\r\n\r\n\n\n{\"error\":1}\ndata\ndata:\n\n",
        "data: {                                \"error\"    :   1}\n\ndata: {\"error\"",
    ]

    @Test func eventsAreCountedTheSame() async {
        struct Counts: Equatable {
            var events = 0
            var isDone = false
            var hasError = false
        }
        await checkSplits(seed: 21, Self.streams) { pieces in
            var counter = EventCounter()
            for piece in pieces { counter.feed(piece.span, 0..<piece.count) }
            counter.finish()
            return Counts(events: counter.events, isDone: counter.isDone, hasError: counter.hasError)
        }
    }

    @Test func answersHeadsAreReadTheSame() async {
        let heads = [
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 503 Busy now\r\nRetry-After: 5\r\nConnection: x, close\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.0 200\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        ]
        await checkSplits(seed: 22, heads) { pieces -> [String] in
            var parser = ResponseHeadParser()
            var seen: [UInt8] = []
            do throws(HeadError) {
                for piece in pieces {
                    seen += piece
                    guard let head = try parser.parse(seen.span, answersHead: false) else { continue }
                    return ["\(head)"] + parser.fields.fields.map { "\($0)" } + ["\(parser.fields.nominated)"]
                }
                return ["more"]
            } catch { return ["\(error)"] }
        }
    }

    @Test func brokenStreamsEndTheSame() async {
        let sent = [
            "1a\r\ndata: {\"a\":\"some words\"}\n\n\r\n8;x=y;z=\"q\\\"\"\r\ndata: 0\n\r\n", "5;a=\"b", "5;a=\"b\\",
            "5;a=", "5;", "fff\r\nx", "0\r\nA: b\r\n", "2\r\nab\r",
        ]
        let error = ErrorEnvelope(.server, "It broke.", code: "x")
        await checkSplits(seed: 23, sent) { pieces -> [UInt8]? in
            var scanner = BodyScanner(.chunked)
            do throws(BodyError) {
                for piece in pieces {
                    var offset = 0
                    scanning: while true {
                        switch try scanner.next(piece.span, from: &offset) {
                        case .content: continue
                        case .needMore, .end: break scanning
                        }
                    }
                }
            } catch { return nil }
            var output: [UInt8] = []
            return BrokenStreamEpilogue.append(behind: scanner, error, to: &output) ? output : []
        }
    }

    @Test func theTailIsTheSame() {
        var random = SeededGenerator(seed: 24)
        for count in [0, 1, 2047, 2048, 2049, 4096, 5000] {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            for cuts in waysToCut(count).shuffled(using: &random).prefix(60) + [[]] {
                var tail = ByteTail()
                for piece in pieces(bytes, cuts) { tail.append(piece.span, 0..<piece.count) }
                #expect(tail.ordered() == Array(bytes.suffix(ByteTail.size)))
            }
        }
    }
}
