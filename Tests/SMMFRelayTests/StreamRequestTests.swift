// SPDX-License-Identifier: MIT

import NIOHPACK
import SMMFTesting
import SMMFWire
import Testing

@testable import SMMFRelay

@Suite struct StreamRequestTests {
    private static let start = [(":method", "POST"), (":scheme", "https"), (":authority", "h"), (":path", "/p?q")]

    private func head(_ fields: [(String, String)], isWhole: Bool = false) throws -> (StreamRequest, String) {
        var bytes: [UInt8] = []
        let request = try StreamRequest(HPACKHeaders(fields), isWhole: isWhole, to: &bytes)
        return (request, String(decoding: bytes, as: UTF8.self))
    }

    @Test func fieldsBecomeAHead() throws {
        let (request, text) = try head(Self.start + [("accept", "x"), ("cookie", "a=1"), ("cookie", "b=2")])
        #expect(request.isChunked && !request.isHead)
        #expect(
            text == "POST /p?q HTTP/1.1\r\nhost: h\r\naccept: x\r\ncookie: a=1; b=2\r\n"
                + "transfer-encoding: chunked\r\n\r\n"
        )
    }

    @Test func aLengthIsKept() throws {
        let (request, text) = try head(Self.start + [("content-length", "12"), ("te", "trailers")])
        #expect(!request.isChunked && text.hasSuffix("\r\nhost: h\r\ncontent-length: 12\r\n\r\n"))
    }

    @Test func aRequestWithoutABodyHasNoFraming() throws {
        let fields = [(":method", "HEAD"), (":scheme", "https"), (":path", "/"), ("host", "h")]
        let (request, text) = try head(fields, isWhole: true)
        #expect(request.isHead && !request.isChunked && text == "HEAD / HTTP/1.1\r\nhost: h\r\n\r\n")
    }

    @Test(
        "what could mean something else in HTTP/1.1 is refused",
        arguments: [
            ([("x", "a\r\nhost: other")], StreamRequest.Problem.badValue),
            ([("x", "a\u{0}")], .badValue),
            ([("x y", "a")], .badName),
            ([("x\r\ny", "a")], .badName),
            ([("X", "a")], .badName),
            ([("", "a")], .badName),
            ([("connection", "close")], .connectionField),
            ([("transfer-encoding", "chunked")], .connectionField),
            ([("upgrade", "h2c")], .connectionField),
            ([("te", "gzip")], .connectionField),
            ([("content-length", "1"), ("content-length", "1")], .repeatedLength),
            ([("content-length", "1, 1")], .badLength),
            ([("content-length", "-1")], .badLength),
            ([("content-length", "")], .badLength),
            ([("host", "other")], .otherHost),
            ([("x", "a"), (":path", "/other")], .pseudoFieldBehindOthers),
            ([(":path", "/other")], .repeatedPseudoField),
            ([(":protocol", "websocket")], .unknownPseudoField),
        ]
    )
    func refusedFields(fields: [(String, String)], problem: StreamRequest.Problem) {
        #expect(throws: problem) { try head(Self.start + fields) }
    }

    @Test(
        "pseudo fields are checked",
        arguments: [
            (0, nil, StreamRequest.Problem.missingPseudoField), (1, nil, .missingPseudoField),
            (2, nil, .missingPseudoField), (3, nil, .missingPseudoField),
            (0, "PO ST", .badMethod), (0, "", .badMethod), (0, "CONNECT", .badMethod),
            (2, "a b", .badAuthority), (2, "", .badAuthority),
            (3, "p", .badPath), (3, "/a b", .badPath), (3, "", .badPath), (3, "/\t", .badPath), (3, "*", .badPath),
        ] as [(Int, String?, StreamRequest.Problem)]
    )
    func refusedPseudoFields(index: Int, value: String?, problem: StreamRequest.Problem) {
        var fields = Self.start
        if let value { fields[index].1 = value } else { fields.remove(at: index) }
        #expect(throws: problem) { try head(fields) }
    }

    /// Whatever passes is read by the relay's own parser as one request with this framing, however wild the fields.
    @Test func whatPassesIsOneRequest() throws {
        var generator = SeededGenerator(seed: 7)
        let names = ["a", "x-y", "content-length", "host", "cookie", "te", "A", "", "transfer-encoding", "x:"]
        let values = ["", "1", "0", "h", "trailers", "a\r\nb: c", " padded ", "\u{7F}", "chunked", "ü"]
        var passed = 0
        for _ in 0..<20_000 {
            var fields = Self.start
            for _ in 0..<Int.random(in: 0..<4, using: &generator) {
                let name = names.randomElement(using: &generator) ?? ""
                fields.append((name, values.randomElement(using: &generator) ?? ""))
            }
            let isWhole = Bool.random(using: &generator)
            var bytes: [UInt8] = []
            guard let request = try? StreamRequest(HPACKHeaders(fields), isWhole: isWhole, to: &bytes) else { continue }
            passed += 1
            var parser = RequestHeadParser()
            let head = try #require(try parser.parse(bytes.span), "\(fields)")
            #expect(head.length == bytes.count && head.method == .post)
            #expect((head.framing == .chunked) == request.isChunked)
            #expect(parser.fields.fields.count <= fields.count)
        }
        #expect(passed > 1_000)
    }
}
