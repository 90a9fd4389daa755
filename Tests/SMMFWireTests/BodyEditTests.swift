// SPDX-License-Identifier: MIT

import SMMFWire
import Testing

private func edited(_ text: String, model: String? = nil) throws -> (String, RequestPeek) {
    let bytes = [UInt8](text)
    let peek = try RequestPeek(bytes.span, shape: .prompt, depthLimit: 32)
    let edits = [peek.usageEdit, model.map { peek.modelEdit($0) }].compactMap { $0 }
    var output: [UInt8] = []
    BodyEdit.append(bytes.span, with: edits, to: &output)
    #expect(output.count == bytes.count + edits.reduce(0) { $0 + $1.growth })
    return (output.text, try RequestPeek(output.span, shape: .prompt, depthLimit: 32))
}

@Suite struct BodyEditTests {
    static let bodies: [(String, String)] = [
        (
            #"{"model":"m","prompt":"p","stream":true}"#,
            #"{"stream_options":{"include_usage":true},"model":"m","prompt":"p","stream":true}"#
        ),
        (
            #"{"stream_options": null,"model":"m","prompt":"p","stream":true}"#,
            #"{"stream_options": {"include_usage":true},"model":"m","prompt":"p","stream":true}"#
        ),
        (
            #"{"model":"m","prompt":"p","stream":true,"stream_options":{ }}"#,
            #"{"model":"m","prompt":"p","stream":true,"stream_options":{"include_usage":true }}"#
        ),
        (
            #"{"model":"m","prompt":"p","stream":true,"stream_options":{"x":1}}"#,
            #"{"model":"m","prompt":"p","stream":true,"stream_options":{"include_usage":true,"x":1}}"#
        ),
        (
            #"{"model":"m","prompt":"p","stream":true,"stream_options":{"include_usage": false}}"#,
            #"{"model":"m","prompt":"p","stream":true,"stream_options":{"include_usage": true}}"#
        ),
        (
            #"{"model":"m","prompt":"p","stream":true,"stream_options":{"include_usage":null}}"#,
            #"{"model":"m","prompt":"p","stream":true,"stream_options":{"include_usage":true}}"#
        ),
    ]

    @Test(arguments: bodies) func asksForUsage(before: String, after: String) throws {
        let (text, peek) = try edited(before)
        #expect(text == after)
        #expect(peek.includesUsage && peek.usageEdit == nil)
    }

    @Test func leavesOthersAlone() throws {
        for body in [
            #"{"model":"m","prompt":"p"}"#,
            #"{"model":"m","prompt":"p","stream":true,"stream_options":{"include_usage":true}}"#,
        ] {
            #expect(try edited(body).0 == body)
        }
    }

    @Test func replacesTheModelBesideIt() throws {
        let (text, peek) = try edited(#"{"model":"alias","prompt":"p","stream":true}"#, model: "real/\"one\"")
        let bytes = [UInt8](text)
        #expect(peek.model.decoded(in: bytes.span) == "real/\"one\"")
        #expect(peek.includesUsage)
        let (late, _) = try edited(#"{"stream_options":{},"stream":true,"prompt":"p","model":"alias"}"#, model: "r")
        #expect(late == #"{"stream_options":{"include_usage":true},"stream":true,"prompt":"p","model":"r"}"#)
    }
}
