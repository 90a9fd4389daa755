// SPDX-License-Identifier: MIT

import SMMFWire
import Testing

@Suite struct HeadWriterTests {
    private func requestID() throws -> RequestID {
        let bytes = [UInt8]("req-1")
        let id = RequestID(bytes.span, 0..<bytes.count)
        return try #require(id)
    }

    @Test func theUpstreamHeadCarriesOnlyWhatConcernsIt() throws {
        let client = [UInt8](
            """
            POST /v1/x HTTP/1.1\r
            Host: public\r
            Authorization: Bearer secret\r
            X-Api-Key: secret\r
            Connection: close, X-Private\r
            X-Private: 1\r
            Keep-Alive: 5\r
            TE: trailers\r
            Upgrade: h2c\r
            Proxy-Authorization: x\r
            Accept-Encoding: gzip\r
            Expect: 100-continue\r
            Transfer-Encoding: chunked\r
            X-Request-Id: theirs\r
            Content-Type: application/json\r
            traceparent: 00-1\r
            \r

            """
        )
        var parser = RequestHeadParser()
        #expect(try parser.parse(client.span) != nil)
        let head = UpstreamRequestHead(
            method: .post,
            target: "/p/v1/x",
            authority: "[::1]:81",
            authorization: "Bearer k"
        )
        var output: [UInt8] = []
        head.append(client: parser.fields, in: client.span, contentLength: 120, requestID: try requestID(), to: &output)
        #expect(
            output.text == """
                POST /p/v1/x HTTP/1.1\r
                host: [::1]:81\r
                authorization: Bearer k\r
                Content-Type: application/json\r
                traceparent: 00-1\r
                x-request-id: req-1\r
                content-length: 120\r
                \r

                """
        )
    }

    @Test func theClientHeadRestatesFraming() throws {
        let upstream = [UInt8](
            """
            HTTP/1.1 200 Fine\r
            Server: engine\r
            Connection: close, x-hop\r
            X-Hop: 1\r
            Transfer-Encoding: chunked\r
            x-request-id: theirs\r
            smmf-instance: forged\r
            Content-Type: text/event-stream\r
            \r

            """
        )
        var parser = ResponseHeadParser()
        let head = try #require(try parser.parse(upstream.span, answersHead: false))
        var output: [UInt8] = []
        let writer = ClientResponseHead(
            framing: .chunked,
            connection: .implied,
            requestID: try requestID(),
            instance: "i-1"
        )
        writer.append(upstream: head, fields: parser.fields, in: upstream.span, to: &output)
        #expect(
            output.text == """
                HTTP/1.1 200 Fine\r
                Server: engine\r
                Content-Type: text/event-stream\r
                transfer-encoding: chunked\r
                smmf-instance: i-1\r
                x-request-id: req-1\r
                \r

                """
        )
    }

    @Test func ownAnswersCannotBeSplitByAValue() throws {
        var output: [UInt8] = []
        let writer = ClientResponseHead(framing: .length(2), connection: .close, requestID: try requestID())
        writer.append(
            status: 405,
            contentType: "text/plain",
            extra: [("allow", "GET\r\nx: y")],
            to: &output
        )
        #expect(
            output.text == """
                HTTP/1.1 405 Method Not Allowed\r
                content-type: text/plain\r
                allow: GET  x: y\r
                content-length: 2\r
                connection: close\r
                x-request-id: req-1\r
                \r

                """
        )
    }

    @Test func requestIDsAreSane() {
        #expect(RequestID(0x0123_4567_89AB_CDEF, 0xF).text == "0123456789abcdef000000000000000f")
        for bad in ["", "a b", "a\"", "a\\", "ä", String(repeating: "a", count: 65)] {
            let bytes = [UInt8](bad)
            let id = RequestID(bytes.span, 0..<bytes.count)
            #expect(id == nil)
        }
        let longest = [UInt8](String(repeating: "a", count: 64))
        let id = RequestID(longest.span, 0..<64)
        #expect(id?.text == longest.text)
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 12345, Int.max, -7]) func writesDecimals(number: Int) {
        var output: [UInt8] = []
        output.append(decimal: number)
        #expect(output.text == String(number))
    }

    @Test(arguments: [0, 1, 15, 16, 255, 256, 0xDEAD_BEEF, Int.max]) func writesHexadecimals(number: Int) {
        var output: [UInt8] = []
        output.append(hexadecimal: number)
        #expect(output.text == String(number, radix: 16))
    }
}
