// SPDX-License-Identifier: MIT

/// Where and why bytes stop being JSON (RFC 8259).
public struct JSONProblem: Error, Sendable, Hashable {
    /// What is wrong.
    public enum Reason: Sendable, Hashable {
        case unexpectedByte
        case unexpectedEnd
        case badEscape
        case badUTF8
        case controlCharacterInString
        case badNumber
        case tooDeep(limit: Int)
        case bytesAfterTheEnd
        case repeatedKey
        case tooLong(limit: Int)
        case tooManyValues(limit: Int)
    }

    public let reason: Reason
    /// The offset of the byte at fault.
    public let offset: Int

    init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// One sentence for a person.
    public var message: String {
        switch reason {
        case .unexpectedByte: "The body is not valid JSON: unexpected character at byte \(offset)."
        case .unexpectedEnd: "The body is not valid JSON: it ends at byte \(offset) in the middle of a value."
        case .badEscape: "The body is not valid JSON: unknown escape at byte \(offset)."
        case .badUTF8: "The body is not valid JSON: a character is no UTF-8 at byte \(offset)."
        case .controlCharacterInString: "The body is not valid JSON: unescaped control character at byte \(offset)."
        case .badNumber: "The body is not valid JSON: malformed number at byte \(offset)."
        case .tooDeep(let limit): "The body nests deeper than \(limit) levels at byte \(offset)."
        case .bytesAfterTheEnd: "The body is not valid JSON: more text after its end at byte \(offset)."
        case .repeatedKey: "An object of the body has a key twice, the second time at byte \(offset)."
        case .tooLong(let limit): "The body is longer than \(limit) bytes."
        case .tooManyValues(let limit):
            "The body has more than \(limit) values; the limit is reached at byte \(offset)."
        }
    }
}
