// SPDX-License-Identifier: MIT

/// The messages that are counted: a chat as the official client sends it, and answers as vLLM gives them.
enum Messages {
    static let tokens = 64

    static func request(stream: Bool) -> [UInt8] {
        let body =
            #"{"messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"#
            + #""Explain in one paragraph how a service registry works."}],"model":"qwen3-8b","max_tokens":64,"#
            + #""temperature":0.2,"stream":\#(stream)}"#
        let head = """
            POST /v1/chat/completions HTTP/1.1\r
            Host: 127.0.0.1:8100\r
            Accept: application/json\r
            Accept-Encoding: gzip, deflate\r
            Connection: keep-alive\r
            User-Agent: OpenAI/Python 1.0\r
            Authorization: Bearer sk-0123456789abcdef0123456789abcdef\r
            Content-Type: application/json\r
            Content-Length: \(body.utf8.count)\r
            \r

            """
        return Array((head + body).utf8)
    }

    static var json: [[UInt8]] {
        let text = Array(repeating: "word ", count: tokens).joined()
        let body =
            #"{"id":"chatcmpl-1","object":"chat.completion","created":1795454513,"model":"qwen3-8b","choices":[{"index":0,"#
            + #""message":{"role":"assistant","content":"\#(text)"},"logprobs":null,"finish_reason":"stop"}],"#
            + #""usage":{"prompt_tokens":28,"total_tokens":92,"completion_tokens":64,"prompt_tokens_details":null}}"#
        let head = """
            HTTP/1.1 200 OK\r
            date: Tue, 24 Nov 2026 12:00:00 GMT\r
            server: uvicorn\r
            content-length: \(body.utf8.count)\r
            content-type: application/json\r
            \r

            """
        return [Array((head + body).utf8)]
    }

    static var stream: [[UInt8]] {
        let head = """
            HTTP/1.1 200 OK\r
            date: Tue, 24 Nov 2026 12:00:00 GMT\r
            server: uvicorn\r
            content-type: text/event-stream; charset=utf-8\r
            transfer-encoding: chunked\r
            \r

            """
        let first = event(#"{"role":"assistant","content":""}"#)
        let last = event("{}", finish: "\"stop\"") + usage + chunk("data: [DONE]\n\n") + Array("0\r\n\r\n".utf8)
        return [Array(head.utf8) + first] + (0..<tokens).map { token($0) } + [last]
    }

    /// One token, as it comes in one piece.
    static func token(_ number: Int) -> [UInt8] { event(#"{"content":" word\#(number % 10)"}"#) }

    private static var usage: [UInt8] {
        chunk(
            #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795454513,"model":"qwen3-8b","choices":[],"#
                + #""usage":{"prompt_tokens":28,"total_tokens":92,"completion_tokens":64}}"# + "\n\n"
        )
    }

    private static func event(_ delta: String, finish: String = "null") -> [UInt8] {
        chunk(
            #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795454513,"model":"qwen3-8b","choices":"#
                + #"[{"index":0,"delta":\#(delta),"logprobs":null,"finish_reason":\#(finish)}]}"# + "\n\n"
        )
    }

    private static func chunk(_ text: String) -> [UInt8] {
        Array("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n".utf8)
    }
}
