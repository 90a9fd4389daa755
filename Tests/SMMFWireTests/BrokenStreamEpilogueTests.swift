// SPDX-License-Identifier: MIT

import SMMFWire
import Testing

@Suite struct BrokenStreamEpilogueTests {
    static let error = ErrorEnvelope(.server, "The instance broke off.", code: "upstream_failed")

    private func scanner(behind sent: [UInt8], _ framing: BodyFraming) throws -> BodyScanner {
        var scanner = BodyScanner(framing)
        var offset = 0
        while case .content = try scanner.next(sent.span, from: &offset) {}
        return scanner
    }

    /// Reads what a client would have: content, and whether the body ended cleanly.
    private func received(_ bytes: [UInt8]) throws -> (String, Bool) {
        var scanner = BodyScanner(.chunked)
        var offset = 0
        var content: [UInt8] = []
        while case .content(let range) = try scanner.next(bytes.span, from: &offset) { content += bytes[range] }
        return (content.text, scanner.isDone)
    }

    @Test func everyPlaceToBreakGivesAnErrorEventAndNoEnd() throws {
        let stream = [UInt8](
            "1a\r\ndata: {\"a\":\"some words\"}\n\n\r\n8;x=y;z=\"q\\\"r\"\r\ndata: 0\n\r\n11\r\ndata: 3456789ab\n\n\r\n0\r\n\r\n"
        )
        let lastChunk = stream.count - 5
        for end in 0...lastChunk {
            let sent = Array(stream[..<end])
            var output: [UInt8] = []
            let scanner = try scanner(behind: sent, .chunked)
            #expect(BrokenStreamEpilogue.append(behind: scanner, Self.error, to: &output))
            let (content, isDone) = try received(sent + output)
            #expect(!isDone)
            var envelope: [UInt8] = []
            Self.error.append(to: &envelope)
            #expect(content.hasSuffix("\n\ndata: \(envelope.text)\n\n"))
            #expect(!content.contains("[DONE]"))
        }
    }

    @Test func aStartedZeroIsTurnedIntoAChunk() throws {
        var output: [UInt8] = []
        #expect(
            BrokenStreamEpilogue.append(behind: try scanner(behind: [UInt8]("0"), .chunked), Self.error, to: &output)
        )
        let (content, isDone) = try received([UInt8]("0") + output)
        #expect(!isDone && content.hasPrefix("\n\n\ndata: {\"error\""))
    }

    @Test(arguments: ["0\r", "0\r\n", "0\r\n\r", "0;x", "2000\r\nab", "2000"])
    func placesWithoutAWayOutAreCut(sent: String) throws {
        var output: [UInt8] = []
        #expect(
            !BrokenStreamEpilogue.append(behind: try scanner(behind: [UInt8](sent), .chunked), Self.error, to: &output)
        )
        #expect(output.isEmpty)
    }

    @Test func otherFramings() throws {
        var output: [UInt8] = []
        #expect(BrokenStreamEpilogue.append(behind: BodyScanner(.untilClose), Self.error, to: &output))
        #expect(output.text.hasPrefix("\n\ndata: {\"error\""))
        #expect(!BrokenStreamEpilogue.append(behind: BodyScanner(.length(9)), Self.error, to: &output))
    }
}
