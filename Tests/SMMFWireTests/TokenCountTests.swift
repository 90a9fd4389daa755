// SPDX-License-Identifier: MIT

import Testing

@testable import SMMFWire

@Suite struct TokenCountTests {
    private static let request: ChatRequest = {
        let messages = [ChatMessage(.system, text: "Be brief."), ChatMessage(.user, text: "hi")]
        var request = ChatRequest(model: "m", messages: messages, family: .openAI)
        request.tools = [ChatTool(name: "f", description: "d", parameters: ["type": "object"])]
        return request
    }()

    @Test(arguments: TokenCountDialects.all.indices)
    func everyDialectReadsWhatItWrites(_ index: Int) throws {
        let dialect = TokenCountDialects.all[index]
        let sent = try dialect.writeRequest(Self.request)
        let read = try dialect.readRequest(ClientInput(path: sent.path, body: JSONTree(sent.body)))
        #expect(read.model == "m")
        #expect(read.messages == Self.request.messages)
        #expect(read.tools == Self.request.tools)
        let answer = try dialect.writeAnswer(TokenUsage(prompt: 14), to: Self.request)
        #expect(try dialect.readAnswer(answer, to: Self.request) == TokenUsage(prompt: 14))
        #expect(throws: NeutralError.self) { try dialect.readAnswer([:], to: Self.request) }
    }

    @Test func anthropicsShape() throws {
        let sent = try AnthropicTokenCount().writeRequest(Self.request)
        #expect(sent.path == "/v1/messages/count_tokens")
        #expect(
            sent.body.text
                == #"{"model":"m","system":"Be brief.","messages":[{"role":"user","content":"hi"}],"tools":[{"name":"f","description":"d","input_schema":{"type":"object"}}]}"#
        )
        #expect(
            try AnthropicTokenCount().writeAnswer(TokenUsage(prompt: 14), to: Self.request).text
                == #"{"input_tokens":14}"#
        )
    }
}
