// SPDX-License-Identifier: MIT

import SMMFRelay
import SMMFTesting
import Testing

/// Requests that two parsers could cut at different places: each gets 400 and a closed connection, and what stands
/// behind it, which another parser might take for a request of its own, is not looked at.
@Suite struct SmugglingTests {
    private static let line = "POST /echo HTTP/1.1\r\nHost: x\r\n"
    private static let chunked = line + "Transfer-Encoding: chunked\r\n\r\n"

    static let cases: [(String, String)] = [
        ("both lengths", line + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("both lengths, chunked first", line + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
        ("conflicting lengths", line + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"),
        ("repeated length", line + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
        ("lengths in a list", line + "Content-Length: 3, 3\r\n\r\nabc"),
        ("length with a plus", line + "Content-Length: +3\r\n\r\nabc"),
        ("length with a minus", line + "Content-Length: -3\r\n\r\nabc"),
        ("length with a space inside", line + "Content-Length: 3 0\r\n\r\nabc"),
        ("length in hexadecimal", line + "Content-Length: 0x3\r\n\r\nabc"),
        ("empty length", line + "Content-Length:\r\n\r\nabc"),
        ("bare line feeds", "GET /health HTTP/1.1\nHost: x\n\n"),
        ("bare line feed in the head", line + "A: b\nContent-Length: 3\r\n\r\nabc"),
        ("bare carriage return in a value", line + "A: b\rContent-Length: 3\r\n\r\n"),
        ("bare carriage return before the line end", line + "Content-Length: 3\r\r\n\r\nabc"),
        ("NUL in a value", line + "A: \u{0}b\r\nContent-Length: 3\r\n\r\nabc"),
        ("NUL in a name", line + "A\u{0}: b\r\nContent-Length: 3\r\n\r\nabc"),
        ("folded field", line + "Content-Length: 3\r\n 0\r\n\r\nabc"),
        ("field folded behind the start line", "GET /health HTTP/1.1\r\n Host: x\r\n\r\n"),
        ("space before the colon", line + "Content-Length : 3\r\n\r\nabc"),
        ("tab before the colon", line + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
        ("space in a name", line + "Content Length: 3\r\n\r\nabc"),
        ("no colon", line + "Content-Length 3\r\n\r\nabc"),
        ("other letters in a name", line + "Content-Length\u{e4}: 3\r\n\r\nabc"),
        ("two hosts", "GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
        ("hosts in a list", "GET /health HTTP/1.1\r\nHost: x, y\r\n\r\n"),
        ("no host", "GET /health HTTP/1.1\r\n\r\n"),
        ("another host in the target", "GET http://y/health HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("a user in the target", "GET http://u@x/health HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("other letters in the target", "GET /health\u{e4} HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("chunked twice", line + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
        ("chunked in two fields", line + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("another coding behind chunked", line + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        ("almost chunked", line + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        ("chunked in quotes", line + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
        ("chunked behind a vertical tab", line + "Transfer-Encoding: \u{b}chunked\r\n\r\n0\r\n\r\n"),
        ("no chunked at the end", line + "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
        ("chunks in HTTP/1.0", "POST /echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("space before a chunk's size", chunked + " 3\r\nabc\r\n0\r\n\r\n"),
        ("space behind a chunk's size", chunked + "3 \r\nabc\r\n0\r\n\r\n"),
        ("chunk's size with a sign", chunked + "+3\r\nabc\r\n0\r\n\r\n"),
        ("chunk's size with a prefix", chunked + "0x3\r\nabc\r\n0\r\n\r\n"),
        ("chunk's size beyond any number", chunked + "ffffffffffffffff3\r\nabc\r\n0\r\n\r\n"),
        ("no chunk size", chunked + "\r\nabc\r\n0\r\n\r\n"),
        ("line feed behind a chunk's size", chunked + "3\nabc\r\n0\r\n\r\n"),
        ("line feed behind a chunk", chunked + "3\r\nabc\n0\r\n\r\n"),
        ("a longer chunk than its size", chunked + "3\r\nabcd\r\n0\r\n\r\n"),
        ("line feed in a chunk's extension", chunked + "3;a\nabc\r\n0\r\n\r\n"),
        ("open quotes in a chunk's extension", chunked + "3;a=\"b\r\nabc\r\n0\r\n\r\n"),
        ("endless chunk extension", chunked + "3;" + String(repeating: "a", count: 20_000) + "\r\nabc\r\n0\r\n\r\n"),
        ("a trailer that is no field", chunked + "0\r\nGET /smuggled HTTP/1.1\r\n\r\n"),
        ("a length in the trailer", chunked + "0\r\nContent-Length: 3\r\n\r\n"),
        ("a folded trailer", chunked + "0\r\nA: b\r\n c\r\n\r\n"),
        ("line feed in a trailer", chunked + "0\r\nA: b\n\r\n"),
    ]

    @Test(arguments: cases) func isRefusedAndNothingBehindItIsDone(what: String, request: String) async throws {
        try await withRelay { relay in
            let client = try await relay.connect()
            // A good request first, so that the bad one comes on a connection that is in use.
            try await client.send(
                "GET /health HTTP/1.1\r\nHost: x\r\n\r\n" + request + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
            )
            #expect(try await client.answer().status == 200)
            let answer = try await client.answer()
            #expect(answer.status == 400, "\(what)")
            #expect(answer.fields["connection"] == "close", "\(what)")
            #expect(try await client.readToEnd().isEmpty, "\(what)")
            let metrics = await relay.server.metrics()
            #expect(metrics.refused == [400: 1] && metrics.local == 1, "\(what)")
        }
    }

    /// Forms that are odd but have one meaning only.
    static let good: [(String, String)] = [
        ("spaces around a length", line + "Content-Length: \t3 \r\n\r\nabc"),
        ("leading zeros", line + "Content-Length: 003\r\n\r\nabc"),
        ("capital letters", line + "TRANSFER-ENCODING: Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
        ("extensions and a trailer", chunked + "1;a\r\na\r\n2;b=\"\\\"\"\r\nbc\r\n0;c=d\r\nA: b\r\n\r\n"),
        ("the target's own host", "POST http://X:80/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"),
        ("one empty line before", "\r\n" + line + "Content-Length: 3\r\n\r\nabc"),
    ]

    @Test(arguments: good) func isAnswered(what: String, request: String) async throws {
        try await withRelay { relay in
            let client = try await relay.connect()
            try await client.send(request + "GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.status == 200 && answer.content == "abc", "\(what)")
            #expect(try await client.answer().content == "{\"status\":\"ok\"}", "\(what)")
        }
    }
}
