// SPDX-License-Identifier: MIT

import SMMFRelay
import SMMFWire

/// A provider with a path and an error map of its own, which wants `max_tokens` under another name.
struct TestProvider: RelayProvider {
    let habits = ProviderHabits(takesStreamOptions: true, hidesErrorsByCode: true)

    func path(of operation: String, model: String) -> String? {
        switch operation {
        case "chat": "/v9/talk?model=\(model)"
        case "transcription": "/v9/listen"
        default: nil
        }
    }

    let passedFields = ["anthropic-beta"]

    var chat: any ChatBackendDialect {
        var shape = OpenAIShape()
        shape.path = "/v9/talk?model={model}"
        shape.errors = ErrorMap([ErrorMap.Rule(.contentFilter, ["naughty"])])
        return OpenAIChatBackend(shape)
    }

    func fields(for call: ProviderCall) -> [UInt8] { Array("x-key: \(call.key ?? "")\r\n".utf8) }

    func rewrite(
        _ body: Span<UInt8>,
        operation: String,
        model: String
    ) throws(TranslationRefusal) -> [UInt8]? {
        guard operation == "chat" else { return nil }
        var tree = try ClientInput(bytes: body).body
        if tree["seed"] != nil { throw TranslationRefusal("The provider takes no seed.", field: "seed") }
        guard let limit = tree["max_tokens"] else { return nil }
        tree["max_tokens"] = nil
        tree["limit"] = limit
        tree["model"] = .string(model)
        return tree.bytes
    }
}
