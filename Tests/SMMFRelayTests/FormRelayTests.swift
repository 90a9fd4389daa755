// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTesting
import Testing

/// Forms with files, to engines and to providers.
@Suite struct FormRelayTests {
    private func form(_ model: String) -> String {
        "--b1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF\u{0}\u{1}\r\n"
            + "--b1\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n\(model)\r\n--b1--\r\n"
    }

    private func send(_ client: RawClient, _ body: String, type: String = "multipart/form-data; boundary=b1")
        async throws
    {
        try await client.send(
            "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }

    @Test(arguments: [false, true])
    func `A form goes on as it came, but for the model's name`(provider: Bool) async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish(
                "ear",
                [upstream.port],
                kind: .transcription,
                keys: provider ? ["one"] : [],
                served: "whisper-1"
            )
            let client = try await relay.connect()
            try await send(client, form("ear"))
            let asked = try await upstream.next()
            let path = provider ? "/v9/listen" : "/v1/audio/transcriptions"
            #expect(asked.head.hasPrefix("POST \(path) HTTP/1.1\r\n"))
            #expect(asked.head.lowercased().contains("content-type: multipart/form-data; boundary=b1\r\n"))
            #expect(asked.body == form("whisper-1"))
            asked.send(UpstreamExchange.json(#"{"text":"hello"}"#))
            let answer = try await client.answer()
            #expect(answer.status == 200 && answer.content == #"{"text":"hello"}"#)
            try await relay.settle()
        }
    }

    @Test func `What is no form, or names no model, is refused`() async throws {
        try await withRelay { relay in
            try await relay.publish("ear", [1], kind: .transcription)
            let client = try await relay.connect()
            for (body, type, code) in [
                ("{}", "application/json", "invalid_form"),
                ("--b1--\r\n", "multipart/form-data; boundary=b1", "missing_required_parameter"),
                (form("ear"), "multipart/form-data; boundary=other", "invalid_form"),
                (form("nose"), "multipart/form-data; boundary=b1", "model_not_found"),
            ] {
                try await send(client, body, type: type)
                let answer = try await client.answer()
                #expect(answer.content.contains(code), "\(answer.content)")
            }
        }
    }
}
