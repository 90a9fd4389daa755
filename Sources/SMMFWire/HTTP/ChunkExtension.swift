// SPDX-License-Identifier: MIT

/// A place in the extensions behind a chunk's size (RFC 9112 section 7.1.1). Spaces around their signs, which only bad
/// senders write and parsers read differently, are not allowed.
enum ChunkExtension: UInt8, Sendable, Hashable {
    /// Behind a semicolon.
    case start
    case name
    /// Behind an equals sign.
    case valueStart
    case value
    case quoted
    /// Behind a backslash in quotes.
    case escaped
    case behindQuotes

    /// The place behind `byte`, or nil when it may not stand here.
    func following(_ byte: UInt8) -> ChunkExtension? {
        switch self {
        case .start: ASCII.isToken(byte) ? .name : nil
        case .name where byte == UInt8(ascii: "="): .valueStart
        case .name, .value, .behindQuotes:
            byte == ASCII.semicolon ? .start : self != .behindQuotes && ASCII.isToken(byte) ? self : nil
        case .valueStart: byte == ASCII.quote ? .quoted : ASCII.isToken(byte) ? .value : nil
        case .quoted:
            byte == ASCII.quote
                ? .behindQuotes : byte == ASCII.backslash ? .escaped : ASCII.isFieldValue(byte) ? .quoted : nil
        case .escaped: ASCII.isFieldValue(byte) ? .quoted : nil
        }
    }

    /// What must still come before the line may end; nothing where it may end here.
    var missing: StaticString {
        switch self {
        case .name, .value, .behindQuotes: ""
        case .start, .valueStart: "x"
        case .quoted: "\""
        case .escaped: "x\""
        }
    }

    /// Whether the line may end here.
    var mayEnd: Bool { missing.utf8CodeUnitCount == 0 }
}
