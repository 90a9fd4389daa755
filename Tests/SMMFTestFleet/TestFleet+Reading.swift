// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore

extension TestFleet {
    /// The text of a streamed answer at temperature 0; throws unless the stream ends as it should.
    public func streamedText(_ model: String, _ question: String) async throws -> String {
        var text = ""
        var last = ""
        let body: JSONValue = [
            "model": .string(model), "stream": true, "temperature": 0, "max_tokens": 800,
            "messages": [["role": "user", "content": .string(question)]],
        ]
        try await plain.stream(api, path: "/v1/chat/completions", json: body) { event in
            last = event
            guard event != "[DONE]" else { return false }
            let chunk = try ControlJSON.decode(JSONValue.self, from: Array(event.utf8))
            text += chunk["choices"]?.elements?.first?["delta"]?["content"]?.text ?? ""
            return true
        }
        guard last == "[DONE]" else { throw SMMFError(.upstreamFailed, "the stream ended with \(last)") }
        return text
    }

    /// The models that have a ready row in the registry, in the order of their names.
    public func registryModels() async throws -> [String] {
        let update: RegistryUpdate? = try await controller.call(.get, "/v1/registry/next?wait=1")
        let names = (update?.changes ?? []).compactMap { change -> String? in
            guard case .put(let instance) = change, instance.state == .ready else { return nil }
            return instance.model.text
        }
        return names.sorted()
    }
}
