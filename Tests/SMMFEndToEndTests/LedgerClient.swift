// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import SMMFTestFleet
import SMMFTesting
import SMMFWire
import Testing

/// A client of one dialect that asks a model and reads what the answer cost where its dialect says so.
struct LedgerClient: Sendable {
    let name: String
    /// Path, and body.
    let request: @Sendable (_ model: String, _ text: String, _ streams: Bool) -> (String, JSONTree)
    /// Reads one document of an answer, or an event of a stream, into what was told before.
    let read: @Sendable (JSONTree, inout TokenUsage) -> Void

    /// Asks, and returns what the answer says that it cost.
    func ask(_ fleet: TestFleet, _ model: String, _ text: String, streams: Bool) async throws -> TokenUsage {
        let (path, body) = request(model, text, streams)
        let answer = try await fleet.plain.post(
            fleet.api,
            path: path,
            json: try ControlJSON.decode(JSONValue.self, from: body.bytes),
            timeout: .seconds(30),
            limit: 1 << 22
        )
        let content = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.status == 200, "\(name): \(content)")
        var usage = TokenUsage()
        for document in Self.documents(content) { read(document, &usage) }
        return usage
    }

    /// The documents of an answer: itself, its events' data, or its lines.
    private static func documents(_ content: String) -> [JSONTree] {
        if let whole = try? JSONTree(text: content) { return whole.array ?? [whole] }
        return content.split(whereSeparator: \.isNewline).compactMap { line in
            let data = line.hasPrefix("data:") ? line.dropFirst(5) : line
            return try? JSONTree(text: String(data))
        }
    }

    static let openAI = LedgerClient(
        name: "openai",
        request: { model, text, streams in
            var body: JSONTree = [
                "model": .string(model), "max_tokens": 50, "messages": [["role": "user", "content": .string(text)]],
            ]
            if streams {
                body["stream"] = true
                body["stream_options"] = ["include_usage": true]
            }
            return ("/v1/chat/completions", body)
        },
        read: { document, usage in
            guard let told = document["usage"]?.present else { return }
            usage.prompt = told["prompt_tokens"]?.int ?? -1
            usage.completion = told["completion_tokens"]?.int ?? -1
        }
    )

    static let anthropic = LedgerClient(
        name: "anthropic",
        request: { model, text, streams in
            var body: JSONTree = [
                "model": .string(model), "max_tokens": 50, "messages": [["role": "user", "content": .string(text)]],
            ]
            if streams { body["stream"] = true }
            return ("/v1/messages", body)
        },
        read: { document, usage in
            guard let told = (document["message"]?["usage"] ?? document["usage"])?.present else { return }
            let parts = ["input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]
            let prompt = parts.reduce(0) { $0 + (told[$1]?.int ?? 0) }
            if prompt > 0 { usage.prompt = prompt }
            usage.completion = told["output_tokens"]?.int ?? usage.completion
        }
    )

    static let responses = LedgerClient(
        name: "responses",
        request: { model, text, streams in
            var body: JSONTree = ["model": .string(model), "max_output_tokens": 50, "input": .string(text)]
            if streams { body["stream"] = true }
            return ("/v1/responses", body)
        },
        read: { document, usage in
            guard let told = (document["response"]?["usage"] ?? document["usage"])?.present else { return }
            usage.prompt = told["input_tokens"]?.int ?? -1
            usage.completion = told["output_tokens"]?.int ?? -1
        }
    )

    static let ollama = LedgerClient(
        name: "ollama",
        request: { model, text, streams in
            let body: JSONTree = [
                "model": .string(model), "stream": .bool(streams), "options": ["num_predict": 50],
                "messages": [["role": "user", "content": .string(text)]],
            ]
            return ("/api/chat", body)
        },
        read: { document, usage in
            usage.prompt = document["prompt_eval_count"]?.int ?? usage.prompt
            usage.completion = document["eval_count"]?.int ?? usage.completion
        }
    )

    static let gemini = LedgerClient(
        name: "gemini",
        request: { model, text, streams in
            let body: JSONTree = [
                "contents": [["role": "user", "parts": [["text": .string(text)]]]],
                "generationConfig": ["maxOutputTokens": 50],
            ]
            let method = streams ? "streamGenerateContent?alt=sse" : "generateContent"
            return ("/v1beta/models/\(model):\(method)", body)
        },
        read: { document, usage in
            guard let told = document["usageMetadata"]?.present else { return }
            usage.prompt = told["promptTokenCount"]?.int ?? -1
            usage.completion = (told["candidatesTokenCount"]?.int ?? 0) + (told["thoughtsTokenCount"]?.int ?? 0)
        }
    )
}
