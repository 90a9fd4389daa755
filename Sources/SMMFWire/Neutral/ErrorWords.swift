// SPDX-License-Identifier: MIT

/// What an error body says, wherever it says it: `{"error":{…}}`, `{"error":"…"}`, `{"message":…}`, `{"detail":…}`,
/// `{"error_code":…,"error_msg":…}`, `{"errors":[…]}`, `{"base_resp":{…}}`, or plain text.
public struct ErrorWords: Sendable, Hashable {
    public var text = ""
    public var code: String?
    public var type: String?
    public var param: String?
    /// The error's whole object, for what only one provider has.
    public var tree: JSONTree = .null

    /// Creates words.
    public init(_ text: String = "", code: String? = nil, type: String? = nil, param: String? = nil) {
        self.text = text
        self.code = code
        self.type = type
        self.param = param
    }

    /// Reads an error body; anything that is no JSON counts as text.
    public init(_ body: [UInt8]) {
        if let tree = try? JSONTree(body, limits: JSONTree.Limits(bytes: 1 << 20, depth: 64, values: 1 << 16)) {
            self.init(tree)
        } else {
            self.init(String(decoding: body.prefix(NeutralError.textLimit), as: UTF8.self))
        }
    }

    /// Reads an error document.
    public init(_ document: JSONTree) {
        var tree = document
        if case .array(let list) = tree, let first = list.first { tree = first }
        let outside = tree
        if let inner = tree["error"]?.present, inner.object != nil { tree = inner }
        if let inner = tree["base_resp"]?.present { tree = inner }
        if let first = tree["errors"]?[0] { tree = first }
        self.tree = tree
        code = Self.word(tree, ["code", "error_code", "status_code", "err_code"])
        type = Self.word(tree, ["type", "error_type", "status", "__type"])
        param = tree["param"]?.string
        text = Self.text(tree) ?? outside["error"]?.string ?? Self.text(outside) ?? tree.string ?? tree.text
    }

    private static func word(_ tree: JSONTree, _ keys: [String]) -> String? {
        for key in keys {
            switch tree[key] {
            case .string(let text) where !text.isEmpty: return text
            case .number(let text): return text
            default: continue
            }
        }
        return nil
    }

    private static func text(_ tree: JSONTree) -> String? {
        for key in ["message", "error_msg", "status_msg", "detail", "msg", "Message", "err_msg"] {
            guard let value = tree[key]?.present else { continue }
            return value.string ?? value.text
        }
        return nil
    }
}
