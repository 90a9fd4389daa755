// SPDX-License-Identifier: MIT

import Testing

@testable import SMMFBench

@Suite("Answer reader")
struct AnswerReaderTests {
    enum Verdict: Equatable {
        case good(tokens: Int?)
        case failed(LoadFailure)
    }

    private static let streamHead = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
    private static let jsonHead = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"

    private static func chunked(_ parts: String...) -> String {
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
            + parts.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
    }

    private static func json(_ body: String, status: String = "200 OK") -> String {
        "HTTP/1.1 \(status)\r\ncontent-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static let event = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
    private static let last =
        "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"completion_tokens\":5}}\n\n"

    static let cases: [(answer: String, isStream: Bool, verdict: Verdict)] = [
        (json(#"{"choices":[],"usage":{"completion_tokens":3}}"#), false, .good(tokens: 3)),
        (json(#"{"choices":[]}"#), false, .good(tokens: nil)),
        ("HTTP/1.1 100 Continue\r\n\r\n" + json("{}"), false, .good(tokens: nil)),
        (json(#"{"error":{"message":"no"}}"#), false, .failed(.error)),
        (json(#"{"error":"slow down"}"#, status: "429 Too Many Requests"), false, .failed(.status(429))),
        (json("", status: "200 OK"), false, .failed(.empty)),
        ("HTTP/1.1 204 No Content\r\n\r\n", false, .failed(.empty)),
        (jsonHead + "content-length: 9\r\n\r\n{}", false, .failed(.cutOff)),
        (jsonHead + "content-length: 2\r\n\r\n{}HTTP", false, .failed(.malformed)),
        ("SSH-2.0\r\n\r\n", false, .failed(.malformed)),
        ("HTTP/1.1 200", false, .failed(.closed)),
        (json("{}"), true, .failed(.noStream)),
        (chunked(event, last, "data: [DONE]\n\n", ""), true, .good(tokens: 5)),
        (chunked(event, "data: [DONE]\n\n", ""), true, .good(tokens: nil)),
        (chunked(event, last, ""), true, .good(tokens: 5)),
        (chunked(event, event, ""), true, .failed(.brokenStream)),
        (chunked(event, event), true, .failed(.brokenStream)),
        (chunked(event, "data: {\"error\":{}}\n\n", "data: [DONE]\n\n", ""), true, .failed(.error)),
        (chunked("data: {\"error\":{}}\n\n", ""), true, .failed(.error)),
        (chunked(event) + "zz\r\n", true, .failed(.malformed)),
        (chunked(""), true, .failed(.empty)),
        (streamHead + event + last, true, .good(tokens: 5)),
        (streamHead + event, true, .failed(.brokenStream)),
    ]

    /// Reads an answer in pieces of `size`, with the end of the connection behind it.
    private func read(_ answer: String, _ reader: inout AnswerReader, isStream: Bool, size: Int) -> Verdict {
        reader.begin(expectsStream: isStream)
        let bytes = Array(answer.utf8)
        do throws(LoadFailure) {
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + size)
                try reader.feed(bytes.span.extracting(start..<end))
                start = end
            }
            if !reader.isComplete { try reader.connectionEnded() }
            return .good(tokens: try reader.finish())
        } catch { return .failed(error) }
    }

    @Test("each kind of answer is judged right, however its bytes are split", arguments: cases.indices)
    func verdicts(index: Int) {
        let (answer, isStream, verdict) = Self.cases[index]
        var reader = AnswerReader()
        for size in 1...max(1, answer.utf8.count) {
            #expect(read(answer, &reader, isStream: isStream, size: size) == verdict, "pieces of \(size)")
        }
    }

    @Test("events are counted as they come, and the text of a bad status is kept up to its limit")
    func details() {
        var reader = AnswerReader()
        _ = read(Self.chunked(Self.event, Self.event, Self.last, ""), &reader, isStream: true, size: 11)
        #expect(reader.events == 3 && reader.keepsAlive)
        let long = String(repeating: "x", count: 1000)
        _ = read(Self.json(long, status: "503 Busy"), &reader, isStream: true, size: 300)
        #expect(reader.sample == Array(long.utf8.prefix(AnswerReader.sampleLimit)))
        _ = read(Self.json("{}"), &reader, isStream: false, size: 300)
        #expect(reader.sample.isEmpty)
    }
}
