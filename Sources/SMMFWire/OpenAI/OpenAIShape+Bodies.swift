// SPDX-License-Identifier: MIT

/// A body that a client wrote in OpenAI's words, for a provider that wants some of them otherwise.
extension OpenAIShape {
    /// Whether there is anything that a body may have to be changed for.
    public var changesBodies: Bool {
        !rules.isEmpty || hasShortToolIDs || !hasDeveloperRole || maxTokensName != "max_tokens"
    }

    /// Changes what the provider wants otherwise, and nothing else; throws what it cannot do.
    public func adapt(_ body: inout JSONObject) throws(TranslationRefusal) {
        for name in ["max_tokens", "max_completion_tokens"] where name != maxTokensName {
            guard let limit = body.remove(name), body[maxTokensName]?.present == nil else { continue }
            body[maxTokensName] = limit
        }
        if !hasDeveloperRole || hasShortToolIDs, let messages = body["messages"]?.array {
            body["messages"] = .array(messages.map(adapted))
        }
        for rule in rules { try rule.apply(to: &body) }
    }

    private func adapted(_ message: JSONTree) -> JSONTree {
        var message = message
        if !hasDeveloperRole, message["role"] == "developer" { message["role"] = "system" }
        guard hasShortToolIDs else { return message }
        if let id = message["tool_call_id"]?.string { message["tool_call_id"] = .string(toolID(id)) }
        guard let calls = message["tool_calls"]?.array else { return message }
        message["tool_calls"] = .array(
            calls.map { call in
                guard let id = call["id"]?.string else { return call }
                var call = call
                call["id"] = .string(toolID(id))
                return call
            }
        )
        return message
    }

    /// An id as the provider takes it. Mistral takes only nine letters and digits; other ids are replaced by ones that
    /// depend on them alone.
    func toolID(_ id: String) -> String {
        guard hasShortToolIDs else { return id }
        let isShort = id.utf8.count == 9 && id.utf8.allSatisfy { ASCII.isDigit($0) || ($0 | 0x20) &- 0x61 < 26 }
        return isShort ? id : StableID.letters(of: id, count: 9)
    }
}
