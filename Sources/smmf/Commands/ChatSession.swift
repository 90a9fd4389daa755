// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore

/// A conversation with its history.
struct ChatSession: Sendable {
    private let model: String
    private let endpoint: Endpoint
    private let key: String?
    private let http: PlainHTTP
    private let temperature: Double?
    private var messages: [JSONValue]
    private let opening: [JSONValue]

    /// What is sent along at the most, in messages: a talk of hours must not grow without end.
    private static let historyLimit = 40

    init(model: String, endpoint: Endpoint, key: String?, http: PlainHTTP, system: String?, temperature: Double?) {
        self.model = model
        self.endpoint = endpoint
        self.key = key
        self.http = http
        self.temperature = temperature
        self.opening = system.map { [["role": "system", "content": .string($0)]] } ?? []
        self.messages = []
    }

    mutating func forget() { messages = [] }

    /// Says something and prints the answer as it comes; an interrupted answer stays in the history as far as it came.
    mutating func say(_ text: String) async throws {
        messages.append(["role": "user", "content": .string(text)])
        var body: [String: JSONValue] = [
            "model": .string(model), "stream": true,
            "messages": .array(opening + messages.suffix(Self.historyLimit)),
        ]
        if let temperature { body["temperature"] = .number(temperature) }
        var answer = ""
        defer {
            if answer.isEmpty {
                messages.removeLast()
            } else {
                messages.append(["role": "assistant", "content": .string(answer)])
            }
        }
        try await http.stream(endpoint, path: "/v1/chat/completions", json: .object(body), bearer: key) { event in
            guard event != "[DONE]" else { return false }
            let chunk = try ControlJSON.decode(JSONValue.self, from: Array(event.utf8))
            if let problem = chunk["error"]?["message"]?.text { throw SMMFError(.upstreamFailed, problem) }
            if let piece = chunk["choices"]?.elements?.first?["delta"]?["content"]?.text {
                answer += piece
                Terminal.write(piece)
            }
            return true
        }
        Terminal.write("\n")
    }
}
