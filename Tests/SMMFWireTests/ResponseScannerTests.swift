// SPDX-License-Identifier: MIT

import SMMFTesting
import SMMFWire
import Testing

/// What a scanner makes of an answer.
private struct Scanned: Equatable {
    var verdict: ResponseScanner.Verdict
    var events: Int
    var isDone: Bool
    var hasError: Bool
    var tail: ResponseTail

    init(_ bytes: [UInt8], _ content: ResponseHead.Content, cuts: [Int] = [], with scanner: ResponseScanner? = nil) {
        var scanner = scanner ?? ResponseScanner(content)
        scanner.reset(content)
        for piece in pieces(bytes, cuts) { scanner.feed(piece.span, 0..<piece.count) }
        scanner.finish()
        verdict = scanner.verdict
        events = scanner.events
        isDone = scanner.isDone
        hasError = scanner.hasError
        tail = scanner.readTail()
    }
}

@Suite struct ResponseScannerTests {
    static let stream = """
        : ping

        data: {"choices":[{"delta":{"role":"assistant"},"finish_reason":null}],"usage":null}

        data: {"choices":[{"delta":{"content":"the \\"usage\\": {}"},"finish_reason":null}],"usage":null}\r
        \r
        data: {"choices":[{"delta":{},"finish_reason":"length"}]}

        data: {"usage":{"prompt_tokens":11,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":4}}}

        data: [DONE]


        """

    @Test func followsAStream() {
        let scanned = Scanned([UInt8](Self.stream), .eventStream)
        #expect(scanned.verdict == .answer)
        #expect(scanned.events == 4)
        #expect(scanned.isDone && !scanned.hasError)
        #expect(scanned.tail.usage == TokenUsage(prompt: 11, completion: 7, cached: 4))
        #expect(scanned.tail.finishReason == .length)
    }

    static let beginnings: [(String, ResponseHead.Content, ResponseScanner.Verdict)] = [
        ("data: {\"error\":{\"message\":\"x\"}}\n\n", .eventStream, .error),
        ("data:{\"id\":1, \"error\" : {\"message\":\"x\"}}\r\n\r\n", .eventStream, .error),
        (": hi\n\nevent: error\ndata: overloaded\n\n", .eventStream, .error),
        ("data: {\"object\":\"error\",\"message\":\"x\"}\n\n", .eventStream, .error),
        ("{\"error\":{\"code\":500}}\n", .eventStream, .error),
        ("{\"error\":{\"code\":500}}", .eventStream, .error),
        ("data: {\"error\":null,\"choices\":[]}\n\n", .eventStream, .answer),
        ("data: {\"choices\":[{\"text\":\"{\\\"error\\\":1}\"}]}\n\n", .eventStream, .answer),
        ("data: [DONE]\n\n", .eventStream, .answer),
        ("data: {\"cho", .eventStream, .answer),
        (": only comments\n\n: more\n\n", .eventStream, .empty),
        ("", .eventStream, .empty),
        ("  {\"error\": \"x\"}", .json, .error),
        ("{\"id\":\"1\",\"error\":{\"a\":1}}", .json, .error),
        ("{\"object\":\"error\"}", .json, .error),
        ("{\"object\":\"list\",\"error\":null}", .json, .answer),
        ("{\"choices\":[{\"error\":1}]}", .json, .answer),
        ("", .json, .empty),
        ("anything", .opaque, .answer),
        ("", .opaque, .answer),
    ]

    @Test(arguments: beginnings)
    func classifiesBeginnings(text: String, content: ResponseHead.Content, verdict: ResponseScanner.Verdict) {
        let bytes = [UInt8](text)
        let whole = Scanned(bytes, content)
        #expect(whole.verdict == verdict)
        for cuts in waysToCut(bytes.count) { #expect(Scanned(bytes, content, cuts: cuts) == whole) }
    }

    @Test func decidesAtTheFirstDataLine() {
        var scanner = ResponseScanner(.eventStream)
        let comment = [UInt8](": wait\n\n")
        scanner.feed(comment.span, 0..<comment.count)
        #expect(scanner.verdict == .undecided)
        let line = [UInt8]("data: {\"a\":1}\n")
        scanner.feed(line.span, 0..<line.count)
        #expect(scanner.verdict == .answer)
    }

    @Test func noticesLateErrors() {
        for error in ["data: {\"error\":{}}\n\n", "data:{ \"error\" : \"x\"}\r\n\r\n", "event: error\ndata: x\n\n"] {
            let bytes = [UInt8]("data: {\"a\":1}\n\n" + error)
            for cuts in waysToCut(bytes.count) {
                let scanned = Scanned(bytes, .eventStream, cuts: cuts)
                #expect(scanned.verdict == .answer && scanned.hasError && scanned.events == 2)
            }
        }
        #expect(!Scanned([UInt8]("data: {\"a\":1}\n\ndata: {\"error\":null}\n\n"), .eventStream).hasError)
    }

    @Test func anySplitGivesTheSame() {
        var random = SeededGenerator(seed: 4)
        let long = String(repeating: "data: {\"choices\":[{\"delta\":{\"content\":\"word\"}}]}\n\n", count: 60)
        var corpus = [[UInt8](Self.stream), [UInt8](long + Self.stream)]
        for _ in 0..<40 { corpus.append(mutated([UInt8](Self.stream), using: &random)) }
        for (index, bytes) in corpus.enumerated() {
            let whole = Scanned(bytes, .eventStream)
            let cuts =
                index == 1 ? Array(waysToCut(bytes.count).shuffled(using: &random).prefix(100)) : waysToCut(bytes.count)
            for cut in cuts { #expect(Scanned(bytes, .eventStream, cuts: cut) == whole) }
        }
    }

    @Test func aHugeFirstEventIsAnAnswerWhereverItIsCut() {
        let text = "data: {\"x\":\"" + String(repeating: "a", count: 70_000) + "\",\"error\":1}\n\ndata: {}\n\n"
        let bytes = [UInt8](text)
        let whole = Scanned(bytes, .eventStream)
        #expect(whole.verdict == .answer && whole.events == 2)
        for cut in [1, 1000, 65_535, 65_536, 65_537, 69_999, bytes.count - 3] {
            #expect(Scanned(bytes, .eventStream, cuts: [cut]) == whole)
        }
    }

    /// A line of just the longest length is too long whether its end comes with it or in the next piece.
    @Test(arguments: [": ", "data: "]) func theLimitOfAFirstLineIsOnePlace(prefix: String) {
        let line = [UInt8](prefix + String(repeating: "a", count: 65_536 - prefix.utf8.count) + "\n\ndata: {}\n\n")
        for bytes in [line, Array(line.dropFirst(prefix.utf8.count + 1))] {
            let whole = Scanned(bytes, .eventStream)
            for cut in [1, 65_534, 65_535, 65_536, 65_537, bytes.count - 1] {
                #expect(Scanned(bytes, .eventStream, cuts: [cut]) == whole)
            }
        }
    }

    @Test func anErrorEventEndsAtItsBlankLine() {
        let bytes = [UInt8]("event: error\n\ndata: {\"a\":1}\n\n")
        #expect(Scanned(bytes, .eventStream).verdict == .answer)
    }

    @Test func usageStandsInTheTailOfJSON() {
        let filler = String(repeating: "x", count: 5000)
        let body =
            "{\"choices\":[{\"text\":\"\(filler)\",\"finish_reason\":\"tool_calls\"}],"
            + "\"usage\": {\"prompt_tokens\": 3, \"completion_tokens\": 4.0, \"x\": {\"prompt_tokens\": 9}}}"
        let scanned = Scanned([UInt8](body), .json)
        #expect(scanned.tail.usage == TokenUsage(prompt: 3, completion: 4, cached: 0))
        #expect(scanned.tail.finishReason == .toolCalls)
        let responses =
            "{\"usage\":{\"input_tokens\":5,\"output_tokens\":6,\"input_tokens_details\":{\"cached_tokens\":2}}}"
        #expect(Scanned([UInt8](responses), .json).tail.usage == TokenUsage(prompt: 5, completion: 6, cached: 2))
        #expect(Scanned([UInt8]("{\"usage\":null}"), .json).tail.usage == nil)
        #expect(Scanned([UInt8]("{\"usage\":{\"prompt_tokens\":1"), .json).tail.usage == nil)
    }

    static let firstWords: [(String, Bool)] = [
        (#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#, false),
        (#"{"choices":[{"delta":{"role":"assistant","content":null}}],"usage":null}"#, false),
        (#"{"choices":[{"delta":{"tool_calls":[]}}]}"#, false),
        (#"{"choices":[{"delta":{"content":"a"}}]}"#, true),
        (#"{"choices": [{"delta": {"content": "a"}}]}"#, true),
        (#"{"choices":[{"delta":{"content":"","reasoning_content":"a"}}]}"#, true),
        (#"{"choices":[{"delta":{"content":"\"\""}}]}"#, true),
        (#"{"choices":[{"text":"a"}]}"#, true),
        (#"{"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}"#, true),
    ]

    @Test(arguments: firstWords)
    func aRoleIsNoFirstToken(event: String, speaks: Bool) {
        var scanner = ResponseScanner(.eventStream)
        let bytes = [UInt8]("data: \(event)\n\n")
        scanner.feed(bytes.span, 0..<(bytes.count - 1))
        #expect(!scanner.hasSpoken)
        scanner.feed(bytes.span, (bytes.count - 1)..<bytes.count)
        #expect(scanner.hasSpoken == speaks)
        // A stream of another kind has begun after a few events.
        for _ in 0..<3 { scanner.feed(bytes.span, 0..<bytes.count) }
        #expect(scanner.hasSpoken)
    }

    @Test func aScannerIsUsedAgain() {
        var used = ResponseScanner(.eventStream)
        let bytes = [UInt8](Self.stream)
        used.feed(bytes.span, 0..<bytes.count)
        let again = Scanned([UInt8]("data: {}\n\n"), .eventStream, with: used)
        #expect(again == Scanned([UInt8]("data: {}\n\n"), .eventStream))
        #expect(again.events == 1 && !again.isDone && again.tail.usage == nil)
    }
}
