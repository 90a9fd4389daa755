// SPDX-License-Identifier: MIT

/// What an error body says, wherever it says it: `{"error":{…}}`, `{"error":"…"}`, `{"message":…}`, `{"detail":…}`,
/// `{"error_code":…,"error_msg":…}`, `{"errors":[…]}`, `{"base_resp":{…}}`, or plain text.
public struct ErrorWords: Sendable, Hashable {
    public var text = ""
    public var code: String?
    public var type: String?
    public var param: String?
    /// Finer words from beside or inside the error: `details[].reason` and `quotaId` of Google, `innererror.code` of Azure.
    public var details: [String] = []
    /// How long to wait, where the body says it: in `details[].retryDelay`, or in the text.
    public var wait: Duration?

    /// Creates words.
    public init(_ text: String = "", code: String? = nil, type: String? = nil, param: String? = nil) {
        self.text = text
        self.code = code
        self.type = type
        self.param = param
    }

    /// Reads an error body, which may be an event of a stream; anything that is no JSON counts as text.
    public init(_ body: [UInt8]) {
        let first = body.first { $0 > ASCII.space }
        if first != ASCII.openBrace, first != ASCII.openBracket, let data = Self.event(body) {
            self.init(document: data)
        } else {
            self.init(document: body)
        }
    }

    /// The data of the first event, where these are events. DashScope answers so, whatever the status.
    private static func event(_ body: [UInt8]) -> [UInt8]? {
        var source = EventSource(limit: body.count)
        var offset = 0
        return ((try? source.next(body.span, from: &offset)) ?? source.finish())?.data
    }

    private init(document body: [UInt8]) {
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
        code = Self.word(tree, ["code", "error_code", "status_code", "err_code"])
        type = Self.word(tree, ["type", "error_type", "status", "__type"])
        param = tree["param"]?.string
        text = Self.text(tree) ?? outside["error"]?.string ?? Self.text(outside) ?? tree.string ?? tree.text
        if let inner = tree["innererror"]?["code"]?.string { details.append(inner) }
        for detail in tree["details"]?.array ?? [] {
            if let reason = detail["reason"]?.string { details.append(reason) }
            details += detail["violations"]?.array?.compactMap { $0["quotaId"]?.string } ?? []
            if let delay = detail["retryDelay"]?.string { wait = AnswerHead.duration(delay) }
        }
        wait = wait ?? Self.wait(in: text)
    }

    /// Reads `… try again in 1.5s.`, `… in 120ms.` and `… retry after 6 seconds.`.
    private static func wait(in text: String) -> Duration? {
        for mark in ["try again in ", "retry after ", "try again after "] {
            guard let place = text.firstRange(of: mark) else { continue }
            let words = text[place.upperBound...].split(separator: " ", maxSplits: 2)
            guard var number = words.first else { continue }
            while number.last == "." || number.last == "," { number.removeLast() }
            let unit = words.count > 1 && number.last?.isNumber == true ? words[1].prefix(6) : ""
            let scale = unit.hasPrefix("minute") ? "m" : unit.hasPrefix("second") || unit.isEmpty ? "" : nil
            if let scale, let wait = AnswerHead.duration(number + scale) { return wait }
        }
        return nil
    }

    private static func word(_ tree: JSONTree, _ keys: [String]) -> String? {
        for key in keys {
            switch tree[key] {
            // AWS writes a name space before the word.
            case .string(let text) where !text.isEmpty:
                return key == "__type" ? text.split(separator: "#").last.map(String.init) : text
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
