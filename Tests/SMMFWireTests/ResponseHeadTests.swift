// SPDX-License-Identifier: MIT

import SMMFWire
import Testing

private func read(_ text: String, cuts: [Int] = [], answersHead: Bool = false) -> Result<ResponseHead?, HeadError> {
    var parser = ResponseHeadParser()
    var seen: [UInt8] = []
    do throws(HeadError) {
        for piece in pieces([UInt8](text), cuts) {
            seen += piece
            if let head = try parser.parse(seen.span, answersHead: answersHead) { return .success(head) }
        }
        return .success(nil)
    } catch { return .failure(error) }
}

@Suite struct ResponseHeadTests {
    static let framings: [(String, BodyFraming, Bool)] = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", .length(3), true),
        ("HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n", .chunked, true),
        ("HTTP/1.1 200 \r\n\r\n", .untilClose, false),
        ("HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n", .none, true),
        ("HTTP/1.1 304 Not Modified\r\n\r\n", .none, true),
        ("HTTP/1.1 100 Continue\r\n\r\n", .none, true),
        ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", .length(0), false),
        ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", .length(0), true),
        ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n", .chunked, false),
        ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", .length(0), false),
    ]

    @Test(arguments: framings) func framing(text: String, framing: BodyFraming, keepsAlive: Bool) throws {
        for cuts in waysToCut(text.utf8.count) {
            let head = try #require(try read(text, cuts: cuts).get())
            #expect(head.framing == framing)
            #expect(head.keepsAlive == keepsAlive)
            #expect(head.length == text.utf8.count)
        }
    }

    @Test func contentTypes() throws {
        func content(_ fields: String) throws -> ResponseHead.Content? {
            try read("HTTP/1.1 200 OK\r\n\(fields)\r\n").get()?.content
        }
        #expect(try content("Content-Type: text/event-stream; charset=utf-8\r\n") == .eventStream)
        #expect(try content("Content-Type: Application/JSON\r\n") == .json)
        #expect(try content("Content-Type: text/html\r\n") == .opaque)
        #expect(try content("") == .opaque)
        #expect(try content("Content-Type: application/json\r\nContent-Encoding: gzip\r\n") == .coded)
        #expect(try content("Content-Type: application/json\r\nContent-Encoding: identity\r\n") == .json)
    }

    @Test func anAnswerToHeadHasNoBody() throws {
        let head = try read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", answersHead: true).get()
        #expect(head?.framing == BodyFraming.none)
    }

    @Test(arguments: [
        "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1 600 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n", "ICY 200 OK!!\r\n\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 O\u{1}K\r\n\r\n",
    ])
    func refusesBadStatusLines(text: String) {
        for cuts in waysToCut(text.utf8.count) { #expect(read(text, cuts: cuts) == .failure(.badStartLine)) }
    }
}
