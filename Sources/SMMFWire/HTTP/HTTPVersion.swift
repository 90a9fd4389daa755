// SPDX-License-Identifier: MIT

/// The versions this code speaks.
public enum HTTPVersion: UInt8, Sendable, Hashable {
    case http10, http11

    /// Reads `HTTP/1.0` or `HTTP/1.1`.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HeadError) {
        if bytes.matches(range, "HTTP/1.1") {
            self = .http11
        } else if bytes.matches(range, "HTTP/1.0") {
            self = .http10
        } else if range.count == 8, bytes.begins(range, with: "HTTP/"), ASCII.isDigit(bytes[range.lowerBound + 5]),
            bytes[range.lowerBound + 6] == UInt8(ascii: "."), ASCII.isDigit(bytes[range.lowerBound + 7])
        {
            throw .unsupportedVersion
        } else {
            throw .badStartLine
        }
    }
}
