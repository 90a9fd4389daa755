// SPDX-License-Identifier: MIT

import SMMFTesting
import SMMFWire
import Testing

/// A head and its values as text, to compare results.
private struct ReadHead: Equatable {
    var head: RequestHead?
    var error: HeadError?
    var fields: [String] = []

    init(_ bytes: [UInt8], cuts: [Int] = [], limits: HeadLimits = HeadLimits()) {
        var parser = RequestHeadParser(limits: limits)
        var seen: [UInt8] = []
        do throws(HeadError) {
            for piece in pieces(bytes, cuts) {
                seen += piece
                if let head = try parser.parse(seen.span) {
                    self.head = head
                    break
                }
            }
        } catch { self.error = error }
        for field in parser.fields.fields {
            fields.append("\(seen.span.text(field.name.range))=\(seen.span.text(field.value.range))")
        }
    }
}

@Suite struct RequestHeadTests {
    static let good = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /v1/chat/completions?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nX-Request-ID:  abc \r\n\r\nbody",
        "\r\nPOST /v1 HTTP/1.1\r\nHost:a\r\nTransfer-Encoding: Chunked\r\nExpect: 100-continue\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: x, Keep-Alive\r\n\r\n",
        "GET http://host:1/p?q HTTP/1.1\r\nHost: HOST:1\r\nConnection: close\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nEmpty:\r\n\r\n",
        "BREW /pot HTTP/1.1\r\nHost: a\r\nName: v\u{e4}lue\t.\r\n\r\n",
    ]

    static let refused: [(String, HeadError)] = [
        ("GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .spaceBeforeColon),
        ("GET / HTTP/1.1\r\nHo st: a\r\n\r\n", .spaceBeforeColon),
        ("GET / HTTP/1.1\r\nHo(st: a\r\n\r\n", .badFieldName),
        ("GET / HTTP/1.1\r\n: a\r\n\r\n", .badFieldName),
        ("GET / HTTP/1.1\r\nHost\r\n\r\n", .badFieldName),
        ("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", .badFieldValue),
        ("GET / HTTP/1.1\r\nHost: a\u{0}\r\n\r\n", .badFieldValue),
        ("GET / HTTP/1.1\r\n\r\n", .missingHost),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .repeatedHost),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .repeatedContentLength),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", .badContentLength),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", .badContentLength),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", .badContentLength),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n", .badContentLength),
        ("GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", .lengthAndChunked),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", .lengthAndChunked),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", .repeatedContentLength),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", .badContentLength),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 1\r\n\r\n", .badContentLength),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\n", .spaceBeforeColon),
        ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n", .spaceBeforeColon),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unsupportedTransferCoding),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", .badTransferEncoding),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", .badTransferEncoding),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", .badTransferEncoding),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n", .badTransferEncoding),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: chunkedx\r\n\r\n", .badTransferEncoding),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: ,chunked\r\n\r\n", .badTransferEncoding),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: chunked,\r\n\r\n", .badTransferEncoding),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: \"chunked\"\r\n\r\n", .badTransferEncoding),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: g(zip, chunked\r\n\r\n", .badTransferEncoding),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n", .badTransferEncoding),
        ("GET / HTTP/1.1\r\nTransfer-Encoding:\r\n\r\n", .badTransferEncoding),
        ("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: []\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: \u{e4}\r\n\r\n", .badHost),
        ("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", .hostMismatch),
        ("GET http://a/ HTTP/1.1\r\nHost:\r\n\r\n", .hostMismatch),
        ("GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n", .hostMismatch),
        ("GET http://a/ HTTP/1.0\r\nHost: b\r\n\r\n", .hostMismatch),
        ("GET http://a/ HTTP/1.1\r\n\r\n", .missingHost),
        ("GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        ("GET http://a:b/ HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        ("GET /\u{e4} HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        ("GET /\tHTTP/1.1\r\nHost: a\r\n\r\n", .badStartLine),
        ("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", .badStartLine),
        ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .badStartLine),
        ("GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\n folded: a\r\nHost: a\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nH\u{e4}: a\r\n\r\n", .badFieldName),
        ("GET / HTTP/1.1\r\nHost: a\u{7f}\r\n\r\n", .badFieldValue),
        ("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", .badFieldValue),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: \u{b}chunked\r\n\r\n", .badFieldValue),
        (
            "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            .repeatedTransferEncoding
        ),
        ("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .transferCodingInOldVersion),
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", .unsupportedExpectation),
        ("GET / HTTP/2.0\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/1.2\r\n\r\n", .unsupportedVersion),
        ("GET / http/1.1\r\n\r\n", .badStartLine),
        ("GET  / HTTP/1.1\r\n\r\n", .badStartLine),
        ("GET /\r\n\r\n", .badStartLine),
        (" GET / HTTP/1.1\r\n\r\n", .badStartLine),
        ("\r\n\r\nGET / HTTP/1.1\r\n\r\n", .badStartLine),
        ("GET /a\u{7f} HTTP/1.1\r\n\r\n", .badTarget),
        ("GET /a#b HTTP/1.1\r\n\r\n", .badTarget),
        ("GET a/b HTTP/1.1\r\n\r\n", .badTarget),
        ("GET http:// HTTP/1.1\r\n\r\n", .badTarget),
        ("GET * HTTP/1.1\r\n\r\n", .badTarget),
    ]

    @Test func readsLineFieldsAndFraming() throws {
        let head = ReadHead([UInt8](Self.good[1]))
        let read = try #require(head.head)
        let bytes = [UInt8](Self.good[1])
        #expect(read.method == .post)
        #expect(bytes.span.text(read.path.range) == "/v1/chat/completions")
        #expect(bytes.span.text(read.query.range) == "x=1")
        #expect(read.framing == .length(12))
        #expect(read.keepsAlive)
        #expect(read.length == bytes.count - 4)
        #expect(head.fields == ["Host=a", "Content-Length=12", "X-Request-ID=abc"])
    }

    @Test func readsVersionsConnectionsAndExpectations() {
        let heads = Self.good.map { ReadHead([UInt8]($0)).head }
        #expect(heads.map { $0?.keepsAlive } == [true, true, true, false, true, false, true, true])
        #expect(heads.map { $0?.expectsContinue } == [false, false, true, false, false, false, false, false])
        #expect(heads[2]?.framing == .chunked)
        #expect(heads[7]?.method == .other)
        let absolute = [UInt8](Self.good[5])
        #expect(heads[5].map { absolute.span.text($0.path.range) } == "/p")
    }

    @Test(arguments: refused) func refusesWhatParsersDisagreeAbout(text: String, error: HeadError) {
        #expect(ReadHead([UInt8](text)).error == error)
    }

    @Test(arguments: [
        ("http://a/", "a:80"), ("http://a:80", "A"), ("https://a:443/", "a"), ("http://[::1]:8/", "[::1]:8"),
        ("http://a:/", "a"), ("http://a-b.c_d?x", "a-b.c_d"),
    ])
    func anAbsoluteTargetNamesTheHost(target: String, host: String) {
        #expect(ReadHead([UInt8]("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")).head != nil)
    }

    @Test func aHugeLengthIsTheLargestOne() {
        let head = ReadHead([UInt8]("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n"))
        #expect(head.head?.framing == .length(Int.max))
    }

    @Test func limitsHold() {
        let head = "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n"
        #expect(ReadHead([UInt8](head), limits: HeadLimits(bytes: head.utf8.count)).head != nil)
        let short = HeadLimits(bytes: head.utf8.count - 1)
        for cuts in waysToCut(head.utf8.count) {
            #expect(ReadHead([UInt8](head), cuts: cuts, limits: short).error == .tooLong(limit: short.bytes))
        }
        #expect(ReadHead([UInt8](head), limits: HeadLimits(fields: 2)).head != nil)
        #expect(ReadHead([UInt8](head), limits: HeadLimits(fields: 1)).error == .tooManyFields(limit: 1))
        let nominated = "GET / HTTP/1.1\r\nConnection: " + String(repeating: "a,", count: 17) + "\r\n\r\n"
        #expect(ReadHead([UInt8](nominated)).error == .tooManyFields(limit: 16))
    }

    @Test func anySplitGivesTheSame() {
        var random = SeededGenerator(seed: 1)
        var corpus = Self.good.map { [UInt8]($0) } + Self.refused.map { [UInt8]($0.0) }
        for _ in 0..<200 { corpus.append(mutated(corpus.randomElement(using: &random) ?? [], using: &random)) }
        for bytes in corpus {
            let whole = ReadHead(bytes)
            for cuts in waysToCut(bytes.count) { #expect(ReadHead(bytes, cuts: cuts) == whole) }
        }
    }

    @Test func aParserIsUsedAgain() throws {
        var parser = RequestHeadParser()
        let first = [UInt8]("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close, x\r\n\r\n")
        #expect(try parser.parse(first.span)?.framing == .length(5))
        parser.reset()
        let second = [UInt8]("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        let head = try #require(try parser.parse(second.span))
        #expect(head.framing == BodyFraming.none && head.keepsAlive)
        #expect(parser.fields.fields.count == 1 && parser.fields.nominated.isEmpty)
    }

    @Test func errorsMapToStatuses() {
        #expect(HeadError.tooLong(limit: 1).status == 431)
        #expect(HeadError.tooManyFields(limit: 1).status == 431)
        #expect(HeadError.unsupportedVersion.status == 505)
        #expect(HeadError.unsupportedTransferCoding.status == 501)
        #expect(HeadError.unsupportedExpectation.status == 417)
        #expect(HeadError.lengthAndChunked.status == 400 && HeadError.badTransferEncoding.status == 400)
    }
}
