// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

@Suite struct BedrockTests {
    private static func frame(_ kind: String, _ payload: String) -> [UInt8] {
        let fields = [(":event-type", kind), (":content-type", "application/json"), (":message-type", "event")]
        return FrameHeaders.message(fields, payload: [UInt8](payload))
    }

    private static let stream: [UInt8] = [
        frame("messageStart", #"{"role":"assistant","p":"abc"}"#),
        frame("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Hm."}}}"#),
        frame("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"c2VhbA=="}}}"#),
        frame("contentBlockStop", #"{"contentBlockIndex":0}"#),
        frame("contentBlockDelta", #"{"contentBlockIndex":1,"delta":{"text":"Let me look."}}"#),
        frame("contentBlockStop", #"{"contentBlockIndex":1}"#),
        frame(
            "contentBlockStart",
            #"{"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"tooluse_1","name":"weather"}}}"#
        ),
        frame("contentBlockDelta", #"{"contentBlockIndex":2,"delta":{"toolUse":{"input":"{\"location\":"}}}"#),
        frame("contentBlockDelta", #"{"contentBlockIndex":2,"delta":{"toolUse":{"input":"\"Paris\"}"}}}"#),
        frame("contentBlockStop", #"{"contentBlockIndex":2}"#),
        frame("messageStop", #"{"stopReason":"tool_use","additionalModelResponseFields":null}"#),
        frame(
            "metadata",
            #"{"usage":{"inputTokens":125,"outputTokens":45,"totalTokens":170},"metrics":{"latencyMs":234}}"#
        ),
    ].flatMap { $0 }

    @Test func framesAreWhatAWSPublishes() {
        let fields = [
            (":event-type", "contentBlockDelta"), (":content-type", "application/json"), (":message-type", "event"),
        ]
        let payload = #"{"contentBlockIndex":0,"delta":{"text":"Hi"}}"#
        #expect(hex(FrameHeaders.message(fields, payload: [UInt8](payload))) == Self.vector)
    }

    private static let vector =
        "0000009400000057b4ab9aee0b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74656e742d747970"
        + "650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e74656e74426c6f636b49"
        + "6e646578223a302c2264656c7461223a7b2274657874223a224869227d7d1f944657"

    private static let exception =
        "00000090000000618e91a9b70f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f6e0d3a636f6e7465"
        + "6e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070009657863657074696f6e7b226d6573"
        + "73616765223a22546f6f206d616e79207265717565737473227de67f8005"

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.utf8.count, by: 2).map { place in
            let start = hex.index(hex.startIndex, offsetBy: place)
            return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16) ?? 0
        }
    }

    private func read(_ pieces: [[UInt8]], isWhole: Bool = true) -> [ChatEvent] {
        ChatSupport.read(BedrockBackend(), ChatSupport.plain(streams: true), pieces, isWhole: isWhole)
    }

    @Test func anExceptionIsAnError() {
        let events = read([bytes(Self.vector) + bytes(Self.exception)])
        #expect(events.count == 2)
        let answer = ChatSupport.gather(events)
        #expect(answer.choices.first?.text == "Hi")
        #expect(answer.error?.kind == .rateLimit)
        #expect(answer.error?.text == "Too many requests")
    }

    @Test func aStreamIsReadWhereverItIsCut() async {
        let whole = read([Self.stream])
        let answer = ChatSupport.gather(whole)
        #expect(answer.isComplete && answer.error == nil)
        #expect(answer.choices.first?.reasoning == "Hm.")
        #expect(answer.choices.first?.text == "Let me look.")
        #expect(answer.choices.first?.toolCalls.first?.arguments == "{\"location\":\"Paris\"}")
        #expect(answer.choices.first?.stop == .toolCalls)
        #expect(answer.usage == TokenUsage(prompt: 125, completion: 45))
        for (number, cuts) in waysToCut(Self.stream.count).enumerated() where number < 2 || number % 5 == 0 {
            #expect(read(pieces(Self.stream, cuts)) == whole, "\(cuts)")
        }
        for count in stride(from: 0, to: Self.stream.count, by: 3) {
            let events = read([Array(Self.stream[..<count])], isWhole: false)
            #expect(events.last != .end, "\(count)")
        }
    }

    @Test func aBrokenChecksumIsSeen() {
        for place in 0..<160 {
            var stream = Self.stream
            stream[place] ^= 1
            #expect(read([stream]).last != .end, "\(place)")
        }
    }

    @Test func theWholeAnswerAndItsErrors() throws {
        let text =
            #"{"output":{"message":{"role":"assistant","content":[{"text":"Hello"},{"toolUse":{"toolUseId":"t","name":"bash","input":{"command":"ls"}}}]}},"stopReason":"tool_use","usage":{"inputTokens":8,"outputTokens":2,"totalTokens":10,"cacheReadInputTokens":5},"metrics":{"latencyMs":523}}"#
        let answer = ChatSupport.gather(ChatSupport.read(BedrockBackend(), text, streams: false))
        #expect(answer.choices.first?.text == "Hello")
        #expect(answer.choices.first?.toolCalls == [ToolCall(id: "t", name: "bash", arguments: "{\"command\":\"ls\"}")])
        #expect(answer.usage == TokenUsage(prompt: 13, completion: 2, cached: 5))
        let head = AnswerHead(status: 403, errorType: "ExpiredTokenException:http://x")
        #expect(BedrockBackend().error(head, body: [UInt8]("{\"message\":\"old\"}")).kind == .expiredToken)
    }

    @Test func theRequestAsConverseWantsIt() throws {
        var request = ChatRequest(
            model: "anthropic.claude-3-haiku-20240307-v1:0",
            messages: [ChatMessage(.user, text: "hi")],
            family: .openAI
        )
        request.maxTokens = 16
        let sent = try BedrockBackend().write(request)
        #expect(sent.path == "/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse")
        #expect(
            sent.body.text
                == #"{"messages":[{"role":"user","content":[{"text":"hi"}]}],"inferenceConfig":{"maxTokens":16}}"#
        )
    }
}
