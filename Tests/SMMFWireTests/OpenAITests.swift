// SPDX-License-Identifier: MIT

import SMMFWire
import Testing

@Suite struct OpenAITests {
    @Test func errorsAreEscaped() {
        var output: [UInt8] = []
        ErrorEnvelope(.invalidRequest, "a \"b\"\\\n\r\t\u{1}\u{1f}é", param: "messages[0]").append(to: &output)
        let message = #"{"error":{"message":"a \"b\"\\\n\r\t\u0001\u001fé","#
        #expect(output.text == message + #""type":"invalid_request_error","param":"messages[0]","code":null}}"#)
    }

    @Test func bodyProblemsBecomeErrors() {
        let envelope = ErrorEnvelope(.missing(.role(2)))
        #expect(envelope.param == "messages[2].role")
        #expect(envelope.code == "missing_required_parameter")
        #expect(envelope.message == "The field `messages[2].role` is missing.")
    }
}
