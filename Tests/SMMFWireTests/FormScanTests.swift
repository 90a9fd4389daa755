// SPDX-License-Identifier: MIT

import Testing

@testable import SMMFWire

@Suite struct FormScanTests {
    private static func form(_ parts: [(head: String, content: String)], boundary: String = "XX") -> String {
        parts.map { "--\(boundary)\r\n\($0.head)\r\n\r\n\($0.content)\r\n" }.joined() + "--\(boundary)--\r\n"
    }

    private static func field(_ name: String) -> String { "Content-Disposition: form-data; name=\"\(name)\"" }

    private static let file = "content-disposition: form-data; filename=\"a;name=\\\"model\\\".wav\"; name=file"

    private func peek(_ body: String, type: String = "multipart/form-data; boundary=XX") throws(RequestProblem)
        -> (RequestPeek, [UInt8])
    {
        let head = Array("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\n\r\n".utf8)
        var parser = RequestHeadParser()
        _ = try? parser.parse(head.span)
        let bytes = Array(body.utf8)
        return (try RequestPeek(form: bytes.span, parser.fields, in: head.span), bytes)
    }

    @Test func theModelIsFoundBesideFiles() throws {
        let body = Self.form([
            (Self.file, "\r\n--X\r\n\r\n--XY name=\"model\"\r\n\r\nwrong"), (Self.field("model"), "whisper"),
            (Self.field("stream"), "true"),
        ])
        let (peek, bytes) = try peek(body, type: "Multipart/Form-Data; charset=utf-8; Boundary=\"XX\"")
        #expect(peek.model.decoded(in: bytes.span) == "whisper")
        #expect(peek.streams)
        let edit = peek.modelEdit("other")
        #expect(edit.growth == -2)
        #expect(String(decoding: bytes[edit.range], as: UTF8.self) == "whisper")
        #expect(edit.replacement == Array("other".utf8))
    }

    @Test(arguments: [
        ("", "it does not begin"), ("--XX", "it is cut off"), ("--XXY\r\n", "something stands"),
        ("--XX\r\nA: b\r\n\r\nx\r\n--XX--\r\n", "no name"), ("--XX\r\nA: b", "has no end"),
        ("--XX\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm", "cut off"),
        ("preamble\r\n--XX--\r\n", "does not begin"),
        (form([("Content-Disposition: form-data; name=\"a\"; name=\"model\"", "m")]), "two names"),
        (form([("\(field("a"))\r\n\(field("model"))", "m")]), "two names"),
        (form([("Content-Disposition: form-data; name*=UTF-8''model", "m")]), "encoded name"),
        (form([("Content-Disposition: form-data; name = a; name=model", "m")]), "two names"),
    ])
    func whatIsNoFormIsRefused(_ body: String, _ what: String) {
        let error = #expect(throws: RequestProblem.self) { try peek(body) }
        #expect(error?.message.contains(what) == true, "\(error?.message ?? "")")
        #expect(error?.code == "invalid_form")
    }

    @Test func aModelStandsThereOnceAndSaysSomething() {
        let two = Self.form([(Self.field("model"), "a"), (Self.field("model"), "b")])
        #expect(throws: RequestProblem.repeated(.member(.model))) { try peek(two) }
        #expect(throws: RequestProblem.missing(.member(.model))) { try peek(Self.form([(Self.file, "a")])) }
        #expect(throws: RequestProblem.wrong(.member(.model), .filledString)) {
            try peek(Self.form([(Self.field("model"), "")]))
        }
        let many = Self.form((0..<300).map { (Self.field("f\($0)"), "x") })
        #expect(throws: RequestProblem.form("it has more than 256 parts")) { try peek(many) }
        for type in [
            "application/json", "multipart/form-data", "multipart/form-data; boundary=",
            "multipart/form-data; boundary=XX\r\nContent-Type: multipart/form-data; boundary=YY",
        ] {
            #expect(throws: RequestProblem.self) { try peek(two, type: type) }
        }
    }
}
