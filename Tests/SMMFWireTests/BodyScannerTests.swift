// SPDX-License-Identifier: MIT

import SMMFTesting
import SMMFWire
import Testing

/// What a scanner makes of a body.
private struct ScannedBody: Equatable {
    var content: [UInt8] = []
    var used = 0
    var isDone = false
    var error: BodyError?

    init(_ bytes: [UInt8], _ framing: BodyFraming, cuts: [Int] = []) {
        var scanner = BodyScanner(framing)
        do throws(BodyError) {
            for piece in pieces(bytes, cuts) {
                var offset = 0
                reading: while true {
                    switch try scanner.next(piece.span, from: &offset) {
                    case .content(let range): content += piece[range]
                    case .needMore: break reading
                    case .end:
                        isDone = true
                        break reading
                    }
                }
                used += offset
            }
        } catch { self.error = error }
        if error != nil { used = 0 }
    }
}

@Suite struct BodyScannerTests {
    static let chunked = "5;a=\"b\\\"\";c;d=e\r\nhello\r\n06\r\n world\r\n0;x\r\nA: b\r\nC:\r\n\r\nNEXT"

    @Test func followsEachFraming() {
        let none = ScannedBody([UInt8]("abc"), .none)
        #expect(none.content.isEmpty && none.used == 0 && none.isDone)
        let length = ScannedBody([UInt8]("abcdef"), .length(4))
        #expect(length.content.text == "abcd" && length.used == 4 && length.isDone)
        let open = ScannedBody([UInt8]("abcdef"), .untilClose)
        #expect(open.content.text == "abcdef" && open.used == 6 && !open.isDone)
        let chunked = ScannedBody([UInt8](Self.chunked), .chunked)
        #expect(chunked.content.text == "hello world" && chunked.isDone)
        #expect(chunked.used == Self.chunked.utf8.count - 4)
    }

    static let refused: [(String, BodyError)] = [
        ("\r\n", .badChunkSize), ("g\r\n", .badChunkSize), ("-1\r\n", .badChunkSize), (" 5\r\n", .badChunkSize),
        ("5 \r\n", .badChunkSize), ("5\t\r\n", .badChunkSize), ("\t5\r\n", .badChunkSize), ("+5\r\n", .badChunkSize),
        ("5 ;a\r\n", .badChunkSize), ("5; a\r\n", .badChunkExtension), ("5;\r\n", .badChunkExtension),
        ("5;a =b\r\n", .badChunkExtension), ("5;a=\r\n", .badChunkExtension), ("5;a=\"b\r\n", .badChunkExtension),
        ("5;a=\"b\"c\r\n", .badChunkExtension), ("5;=b\r\n", .badChunkExtension), ("5;\u{e4}\r\n", .badChunkExtension),
        ("5;a\r5", .badChunkSize), ("5;a=\"\r\n\"\r\n", .badChunkExtension), (";a\r\n", .badChunkSize),
        ("fffffffffffffffff\r\n", .badChunkSize), ("0000000000000005\r\n", .badChunkSize),
        ("0\r\nA\r\n\r\n", .badTrailer), ("0\r\nA : b\r\n\r\n", .badTrailer), ("0\r\n: b\r\n\r\n", .badTrailer),
        ("0\r\n A: b\r\n\r\n", .badTrailer), ("0\r\nA: b\r\n c\r\n\r\n", .badTrailer),
        ("0\r\nGET / HTTP/1.1\r\n", .badTrailer),
        ("0\r\nContent-Length: 5\r\n\r\n", .framingInTrailer),
        ("0\r\nA: b\r\ncontent-length:\r\n\r\n", .framingInTrailer),
        ("0\r\nTransfer-Encoding: chunked\r\n\r\n", .framingInTrailer), ("0\r\nA: \u{0}\r\n\r\n", .badTrailer),
        ("0\n\r\n", .badChunkSize), ("0\r\n\n", .badTrailer),
        ("5\n", .badChunkSize), ("5\r5", .badChunkSize), ("0x5\r\n", .badChunkSize),
        ("1000000000000000\r\n", .badChunkSize), ("5;a\nb\r\n", .badChunkExtension),
        ("1\r\nab\r\n", .badChunkEnd), ("1\r\na\n", .badChunkEnd), ("1\r\na\r0", .badChunkEnd),
        ("0\r\nA: b\n\r\n", .badTrailer), ("0\r\nA: b\r\r\n", .badTrailer), ("0\r\n\rX", .badTrailer),
        ("1;" + String(repeating: "x", count: 16_384) + "\r\n", .overheadTooLong(limit: 16_384)),
        ("0\r\n" + String(repeating: "a: b\r\n", count: 5000) + "\r\n", .overheadTooLong(limit: 16_384)),
    ]

    @Test(arguments: refused) func refusesBadChunks(text: String, error: BodyError) {
        #expect(ScannedBody([UInt8](text), .chunked).error == error)
    }

    @Test func bytesBehindTheEndAreTheNextMessages() {
        let empty = "0\r\nContent-Length-: 1\r\nContent-Lengt: 1\r\nXTransfer-Encoding: x\r\n\r\n"
        let scanned = ScannedBody([UInt8](empty + "GET / HTTP/1.1\r\n"), .chunked)
        #expect(scanned.isDone && scanned.used == empty.utf8.count && scanned.content.isEmpty)
    }

    @Test func anySplitGivesTheSame() {
        var random = SeededGenerator(seed: 2)
        let seeds = [Self.chunked, "0\r\n\r\n", "a\r\n0123456789\r\n0\r\n\r\n", "00001\r\nx\r\n000\r\n\r\n"]
        var corpus = seeds.map { [UInt8]($0) }
        for _ in 0..<300 { corpus.append(mutated(corpus.randomElement(using: &random) ?? [], using: &random)) }
        for bytes in corpus {
            for framing in [BodyFraming.chunked, .length(7), .untilClose] {
                let whole = ScannedBody(bytes, framing)
                for cuts in waysToCut(bytes.count) {
                    #expect(ScannedBody(bytes, framing, cuts: cuts) == whole)
                }
            }
        }
    }
}
