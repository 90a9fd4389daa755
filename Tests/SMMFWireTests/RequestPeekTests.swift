// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

private func peek(_ text: String, _ shape: BodyShape = .messages) throws(RequestProblem) -> RequestPeek {
    let bytes = [UInt8](text)
    return try RequestPeek(bytes.span, shape: shape, depthLimit: 32)
}

private func problem(_ text: String, _ shape: BodyShape = .messages) -> RequestProblem? {
    do throws(RequestProblem) {
        _ = try peek(text, shape)
        return nil
    } catch { return error }
}

@Suite struct RequestPeekTests {
    static let chat = #"""
        {"temperature": 0.5e-3, "model": "qwen3-8b", "messages": [{"role": "system", "content": "say \"hi\" \u00e9"},
         {"content": [{"type": "text", "text": "}]"}], "role": "user"}], "max_tokens": 64, "stream": true, "stop": null}
        """#

    @Test func findsTheRoutingMembers() throws {
        let bytes = [UInt8](Self.chat)
        let peek = try RequestPeek(bytes.span, shape: .messages, depthLimit: 32)
        #expect(peek.model.decoded(in: bytes.span) == "qwen3-8b")
        #expect(bytes.span.text(peek.model.quoted) == "\"qwen3-8b\"")
        #expect(peek.streams && !peek.includesUsage)
        #expect(peek.maxTokens == 64)
        #expect(peek.messageCount == 2)
        #expect(bytes.span.text(peek.input).hasPrefix("[{\"role\": \"system\""))
        #expect(bytes.span.text(peek.input).hasSuffix("\"user\"}]"))
    }

    @Test func nullCountsAsAbsent() throws {
        let body = #"{"model":"m","stream":null,"max_tokens":null,"stream_options":null,"messages":[{"role":"user"}]}"#
        let peek = try peek(body)
        #expect(!peek.streams && peek.maxTokens == nil && !peek.includesUsage)
    }

    @Test func theSmallerTokenLimitCounts() throws {
        let messages = #""messages":[{"role":"user"}]"#
        #expect(try peek(#"{"model":"m","max_tokens":9,"max_completion_tokens":5,\#(messages)}"#).maxTokens == 5)
        #expect(try peek(#"{"model":"m","max_tokens":99999999999999999999,\#(messages)}"#).maxTokens == Int.max)
    }

    @Test func escapedKeysAndValuesAreDecoded() throws {
        let body = #"{"mod\u0065l":"m\u002Fa\ud83d\ude00\n","m\u0065ssages":[{"r\u006fle":"user"}]}"#
        let bytes = [UInt8](body)
        let peek = try RequestPeek(bytes.span, shape: .messages, depthLimit: 32)
        #expect(peek.model.decoded(in: bytes.span) == "m/a😀\n")
        #expect(peek.messageCount == 1)
    }

    static let fields: [(String, BodyShape, String?, String)] = [
        (#"{"messages":[{"role":"user"}]}"#, .messages, "model", "missing_required_parameter"),
        (#"{"model":"m"}"#, .messages, "messages", "missing_required_parameter"),
        (#"{"model":"m"}"#, .prompt, "prompt", "missing_required_parameter"),
        (#"{"model":"m"}"#, .input, "input", "missing_required_parameter"),
        (#"{"model":"m","query":"q"}"#, .documents, "documents", "missing_required_parameter"),
        (#"{"model":"m","documents":["q"]}"#, .documents, "query", "missing_required_parameter"),
        (#"{"model":1}"#, .messages, "model", "invalid_value"),
        (#"{"model":null}"#, .messages, "model", "invalid_value"),
        (#"{"model":""}"#, .messages, "model", "invalid_value"),
        (#"{"stream":"true"}"#, .messages, "stream", "invalid_value"),
        (#"{"stream":1}"#, .messages, "stream", "invalid_value"),
        (#"{"stream_options":true}"#, .messages, "stream_options", "invalid_value"),
        (#"{"stream_options":{"include_usage":1}}"#, .messages, "stream_options.include_usage", "invalid_value"),
        (#"{"max_tokens":-1}"#, .messages, "max_tokens", "invalid_value"),
        (#"{"max_tokens":1.5}"#, .messages, "max_tokens", "invalid_value"),
        (#"{"max_completion_tokens":"7"}"#, .messages, "max_completion_tokens", "invalid_value"),
        (#"{"messages":[]}"#, .messages, "messages", "invalid_value"),
        (#"{"messages":{}}"#, .messages, "messages", "invalid_value"),
        (#"{"messages":"hi"}"#, .messages, "messages", "invalid_value"),
        (#"{"messages":[{"role":"user"},7]}"#, .messages, "messages[1]", "invalid_value"),
        (#"{"messages":[{"role":"user"},{},{}]}"#, .messages, "messages[1].role", "missing_required_parameter"),
        (#"{"messages":[{"role":["user"]}]}"#, .messages, "messages[0].role", "invalid_value"),
        (#"{"prompt":7}"#, .prompt, "prompt", "invalid_value"),
        (#"{"prompt":[]}"#, .prompt, "prompt", "invalid_value"),
        (#"{"input":{}}"#, .input, "input", "invalid_value"),
        (#"{"documents":"a"}"#, .documents, "documents", "invalid_value"),
        (#"{"model":"a","model":"b"}"#, .messages, "model", "duplicate_parameter"),
        (#"{"model":"a","m\u006fdel":"b"}"#, .messages, "model", "duplicate_parameter"),
        (#"{"stream":true,"stream":false}"#, .messages, "stream", "duplicate_parameter"),
        (
            #"{"stream_options":{"include_usage":true,"include_usag\u0065":false}}"#, .messages,
            "stream_options.include_usage", "duplicate_parameter"
        ),
        ("[]", .messages, nil, "invalid_json"),
        ("\"model\"", .messages, nil, "invalid_json"),
        ("", .messages, nil, "invalid_json"),
    ]

    @Test(arguments: fields) func namesTheField(text: String, shape: BodyShape, field: String?, code: String) {
        let found = problem(text, shape)
        #expect(found?.field == field)
        #expect(found?.code == code)
        if let field { #expect(found?.message.contains("`\(field)`") == true) }
    }

    @Test func otherShapesAreNotChecked() throws {
        #expect(try peek(#"{"model":"m","messages":7,"prompt":["a","b"]}"#, .prompt).messageCount == 0)
        #expect(try peek(#"{"model":"m","input":[[1,2],[3]]}"#, .input).input.count == 11)
        #expect(try peek(#"{"model":"m","query":"q","documents":["a",{"text":"b"}]}"#, .documents).input.count == 18)
    }

    static let malformed: [(String, JSONProblem.Reason, Int)] = [
        (#"{"a":1"#, .unexpectedEnd, 6), (#"{"a":tru"#, .unexpectedEnd, 5), (#"{"a":trux}"#, .unexpectedByte, 5),
        (#"{"a" 1}"#, .unexpectedByte, 5), (#"{"a":1,}"#, .unexpectedByte, 7), (#"{,}"#, .unexpectedByte, 1),
        (#"{"a":[1,]}"#, .unexpectedByte, 8), (#"{"a":01}"#, .unexpectedByte, 6), (#"{"a":-}"#, .badNumber, 6),
        (#"{"a":1.}"#, .badNumber, 7), (#"{"a":1e}"#, .badNumber, 7), (#"{"a":"\x"}"#, .badEscape, 6),
        (#"{"a":"\u12g4"}"#, .badEscape, 6), ("{\"a\":\"\u{1}\"}", .controlCharacterInString, 6),
        (#"{"a":1}x"#, .bytesAfterTheEnd, 7), (#"{"a":1}{}"#, .bytesAfterTheEnd, 7), ("{'a':1}", .unexpectedByte, 1),
        ("{\"a\":NaN}", .unexpectedByte, 5), ("\u{FEFF}{}", .unexpectedByte, 0), (#"{"a":"#, .unexpectedEnd, 5),
        (#"{"a"}"#, .unexpectedByte, 4), (#"{"abc"#, .unexpectedEnd, 5), (#"{"a\"#, .unexpectedEnd, 4),
    ]

    @Test(arguments: malformed) func saysWhereJSONBreaks(text: String, reason: JSONProblem.Reason, offset: Int) {
        guard case .json(let found) = problem(text) else {
            Issue.record("\(text) was read")
            return
        }
        #expect(found.reason == reason)
        #expect(found.offset == offset)
        #expect(found.message.contains("byte \(offset)"))
    }

    /// Readers disagree about what bytes that are no UTF-8 mean, so they could make two names of one.
    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC2], [0xE0, 0x80, 0x80], [0xE4, 0xBD], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xE4, 0xBD, 0x22],
        ] as [[UInt8]]
    )
    func textMustBeUTF8(bad: [UInt8]) {
        for before in ["", "abcdefghijk", "\u{e4}\u{4f60}\u{1f600}"] {
            let body = [UInt8]("{\"model\":\"m\",\"prompt\":\"" + before) + bad + [UInt8]("zzzzzzzzz\"}")
            do throws(RequestProblem) {
                _ = try RequestPeek(body.span, shape: .prompt, depthLimit: 32)
                Issue.record("\(bad) was read")
            } catch {
                let place = body.count - bad.count - 11
                #expect(error == .json(JSONProblem(.badUTF8, at: place)))
            }
        }
        #expect(problem("{\"model\":\"\u{e4}\u{4f60}\u{1f600}\u{7ff}\u{ffff}\",\"prompt\":\"p\"}", .prompt) == nil)
    }

    @Test func depthIsLimited() throws {
        func body(_ depth: Int) -> String {
            let inner = String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
            return "{\"model\":\"m\",\"input\":\"i\",\"x\":\(inner)}"
        }
        _ = try peek(body(32), .input)
        guard case .json(let found) = problem(body(33), .input) else {
            Issue.record("33 levels were read")
            return
        }
        #expect(found.reason == .tooDeep(limit: 32))
        let deep = [UInt8](body(100_000))
        #expect(throws: RequestProblem.self) { try RequestPeek(deep.span, shape: .input, depthLimit: 1_000_000) }
    }

    @Test func mutationsNeverTrapAndPlacesStayInside() {
        var random = SeededGenerator(seed: 3)
        let seed = [UInt8](Self.chat)
        for _ in 0..<20_000 {
            let bytes = mutated(seed, using: &random)
            guard let peek = try? RequestPeek(bytes.span, shape: .messages, depthLimit: 32) else { continue }
            #expect(peek.model.quoted.upperBound <= bytes.count && peek.input.upperBound <= bytes.count)
            #expect(bytes[peek.model.quoted.lowerBound] == UInt8(ascii: "\""))
        }
    }

    @Test func everyTruncationIsAnError() {
        let bytes = Array([UInt8](Self.chat).dropLast(while: { $0 == 0x20 || $0 == 0x0A }))
        for end in 0..<bytes.count {
            let part = Array(bytes[..<end])
            #expect(throws: RequestProblem.self) { try RequestPeek(part.span, shape: .messages, depthLimit: 32) }
        }
    }
}

extension Array where Element == UInt8 {
    fileprivate func dropLast(while matches: (UInt8) -> Bool) -> [UInt8] {
        var copy = self
        while let last = copy.last, matches(last) { copy.removeLast() }
        return copy
    }
}
