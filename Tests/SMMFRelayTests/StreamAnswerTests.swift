// SPDX-License-Identifier: MIT

import NIOHPACK
import SMMFTesting
import SMMFWire
import Testing

@testable import SMMFRelay

@Suite struct StreamAnswerTests {
    private struct Read: Equatable {
        var heads: [HPACKHeaders] = []
        var content: [UInt8] = []
        var isComplete = false
    }

    private func read(_ text: String, cuts: [Int] = [], isToHead: Bool = false) throws -> Read {
        let bytes = Array(text.utf8)
        var answer = StreamAnswer(isToHead: isToHead)
        var read = Read()
        var start = 0
        for cut in cuts + [bytes.count] where cut >= start {
            try answer.read(bytes.span.extracting(start..<cut), heads: &read.heads) { piece in
                for index in 0..<piece.count { read.content.append(piece[index]) }
            }
            start = cut
        }
        read.isComplete = answer.isComplete
        return read
    }

    @Test func anAnswerBecomesFieldsAndContent() throws {
        let read = try read(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
                + "X-Request-Id: 1\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        )
        #expect(read.heads == [[":status": "200", "content-type": "text/event-stream", "x-request-id": "1"]])
        #expect(read.content == Array("abcde".utf8) && read.isComplete)
    }

    @Test func interimHeadsComeFirst() throws {
        let read = try read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nx: 1\r\n\r\n")
        #expect(read.heads == [[":status": "100"], [":status": "204", "x": "1"]] && read.isComplete)
    }

    @Test func aHeadIsAnsweredWithoutContent() throws {
        let read = try read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", isToHead: true)
        #expect(read.heads == [[":status": "200", "content-length": "5"]] && read.isComplete)
    }

    @Test func aBrokenAnswerDoesNotEnd() throws {
        let read = try read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        #expect(read.content.count == 3 && !read.isComplete)
    }

    @Test func anySplitReadsTheSame() throws {
        let text =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5\r\nhello\r\n1;x=y\r\n!\r\n0\r\nt: 1\r\n\r\n"
        let whole = try read(text)
        for first in 0...text.utf8.count {
            for second in stride(from: first, through: text.utf8.count, by: 7) {
                #expect(try read(text, cuts: [first, second]) == whole)
            }
        }
    }
}
