// SPDX-License-Identifier: MIT

import SMMFWire

/// A request for a played provider, and what its answer may use.
struct PlayedCall: Sendable {
    let provider: PlayedProvider
    let method: String
    /// Without its query.
    let path: String
    let query: [String: String]
    /// The query as it came.
    let rawQuery: String
    /// Names in lower case.
    let fields: [(name: String, value: String)]
    let bytes: [UInt8]
    /// The keys that are good; empty for any.
    let keys: [String]
    let memory: PlayedMemory
    /// What the route's pattern has a place for, decoded.
    var model = ""
    /// The body; null where there is none.
    var body = JSONTree.null

    func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The string under a key of the body, which must be there.
    func need(_ key: String) throws(PlayedError) -> String {
        guard let text = body[key]?.string, !text.isEmpty else { throw .missing(key) }
        return text
    }

    /// One string or several under a key, which must be there.
    func texts(_ key: String, in tree: JSONTree? = nil) throws(PlayedError) -> [String] {
        let value = (tree ?? body)[key]
        if let one = value?.string { return [one] }
        guard let list = value?.array, !list.isEmpty else { throw .missing(key) }
        var texts: [String] = []
        for (index, element) in list.enumerated() {
            guard let text = element.string ?? element["text"]?.string else {
                throw .wrong("\(key)[\(index)]", "no text")
            }
            texts.append(text)
        }
        return texts
    }

    /// Text with its percent signs taken away; nil where they are wrong.
    static func decoded(_ text: some StringProtocol, plus: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(plus && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The pairs of a query.
    static func pairs(_ query: String) -> [String: String] {
        var pairs: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let name = pair.prefix { $0 != "=" }
            guard let key = decoded(name), let value = decoded(pair.dropFirst(name.count + 1), plus: true) else {
                continue
            }
            pairs[key] = value
        }
        return pairs
    }
}
