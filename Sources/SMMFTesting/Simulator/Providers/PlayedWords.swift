// SPDX-License-Identifier: MIT

import SMMFWire

/// A provider's words for errors: status, code, type and text of each kind, and the shape of the body.
struct PlayedWords: Sendable {
    /// What one kind of error says.
    struct Entry: Sendable {
        var status: Int
        var code: JSONTree = .null
        var type: String?
        var text: String
        var param: String?
        /// Members of the body that only this error has.
        var more: JSONObject = [:]
        var fields: [(name: String, value: String)] = []

        init(
            _ status: Int,
            _ code: JSONTree = .null,
            _ type: String? = nil,
            _ text: String,
            more: JSONObject = [:],
            fields: [(name: String, value: String)] = []
        ) {
            self.status = status
            self.code = code
            self.type = type
            self.text = text
            self.more = more
            self.fields = fields
        }

        /// The seconds that a limit asks to wait.
        func after(_ seconds: String) -> Entry {
            var entry = self
            entry.fields.append(("retry-after", seconds))
            return entry
        }
    }

    var entries: [PlayedError.Kind: Entry]
    var body: @Sendable (Entry) -> JSONTree = PlayedWords.openAI

    init(_ entries: [PlayedError.Kind: Entry], body: @escaping @Sendable (Entry) -> JSONTree = PlayedWords.openAI) {
        self.entries = entries
        self.body = body
    }

    /// What is said for an error.
    func entry(_ error: PlayedError) -> Entry {
        var kind: PlayedError.Kind? = error.kind
        while let next = kind {
            if var entry = entries[next] {
                entry.text = error.message ?? entry.text
                entry.param = error.param
                return entry
            }
            kind = next.fallback
        }
        return Entry(500, .null, "server_error", error.message ?? "no words for \(error.kind.rawValue)")
    }

    /// The same with other words for some kinds.
    func with(_ others: [PlayedError.Kind: Entry]) -> PlayedWords {
        var words = self
        words.entries.merge(others) { $1 }
        return words
    }

    /// The same without words for a kind.
    func without(_ kind: PlayedError.Kind) -> PlayedWords {
        var words = self
        words.entries[kind] = nil
        return words
    }

    // MARK: Shapes of bodies

    /// `{"error":{"message","type","param","code"}}`.
    @Sendable static func openAI(_ entry: Entry) -> JSONTree {
        var inner: JSONTree = [
            "message": .string(entry.text), "type": entry.type.map(JSONTree.string) ?? .null,
            "param": entry.param.map(JSONTree.string) ?? .null, "code": entry.code,
        ]
        for member in entry.more.members { inner[member.key] = member.value }
        return ["error": inner]
    }

    /// `{"error":{"code","message"}}` with a type where there is one, and an id beside it.
    @Sendable static func bare(_ entry: Entry) -> JSONTree {
        var inner: JSONTree = ["message": .string(entry.text)]
        if let type = entry.type { inner["type"] = .string(type) }
        if !entry.code.isNull { inner["code"] = entry.code }
        for member in entry.more.members { inner[member.key] = member.value }
        return ["error": inner]
    }

    /// `{"code","message","request_id"}`.
    @Sendable static func flat(_ entry: Entry) -> JSONTree {
        var tree: JSONTree = [:]
        if !entry.code.isNull { tree["code"] = entry.code }
        tree["message"] = .string(entry.text)
        for member in entry.more.members { tree[member.key] = member.value }
        return tree
    }
}
