// SPDX-License-Identifier: MIT

extension JSONTree {
    /// Appends the document without white space; the same value always gives the same bytes.
    public func append(to output: inout [UInt8]) {
        switch self {
        case .null: output.append(literal: "null")
        case .bool(true): output.append(literal: "true")
        case .bool(false): output.append(literal: "false")
        case .number(let text): output.append(contentsOf: text.utf8)
        case .string(let text): output.append(json: text)
        case .array(let elements):
            output.append(ASCII.openBracket)
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(ASCII.comma) }
                element.append(to: &output)
            }
            output.append(ASCII.closeBracket)
        case .object(let object): object.append(to: &output)
        }
    }

    /// The document's bytes without white space.
    public var bytes: [UInt8] {
        var output: [UInt8] = []
        append(to: &output)
        return output
    }

    /// The document as text without white space, as tool arguments are sent.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSONObject {
    /// Appends the object without white space.
    public func append(to output: inout [UInt8]) {
        output.append(ASCII.openBrace)
        for (index, member) in members.enumerated() {
            if index > 0 { output.append(ASCII.comma) }
            output.append(json: member.key)
            output.append(ASCII.colon)
            member.value.append(to: &output)
        }
        output.append(ASCII.closeBrace)
    }
}
