// SPDX-License-Identifier: MIT

/// Reads HTTP/1.1 request heads (RFC 9112) from bytes that arrive in any pieces, and refuses whatever two parsers could
/// read differently. It allocates for its first head only.
public struct RequestHeadParser: Sendable {
    private struct Line: Sendable {
        var method = HTTPMethod.other
        var version = HTTPVersion.http11
        var path = ByteRange.empty
        var query = ByteRange.empty
        /// Host and port of an absolute target; empty for the others.
        var authority = ByteRange.empty
        var isSecure = false
    }

    /// The fields of the head read last.
    public private(set) var fields = FieldList()
    private let limits: HeadLimits
    private var lines: HeadLines
    private var line: Line?

    /// Creates a parser for the heads of one connection.
    public init(limits: HeadLimits = HeadLimits()) {
        self.limits = limits
        lines = HeadLines(limit: limits.bytes)
    }

    /// Forgets the head read so far; call it before the next one.
    public mutating func reset() {
        fields.removeAll()
        lines = HeadLines(limit: limits.bytes)
        line = nil
    }

    /// Whether any byte of a head has been looked at since the last reset.
    public var hasBegun: Bool { lines.consumed > 0 || line != nil }

    /// Reads on; `bytes` starts at the head's first byte each time and may go beyond its end.
    ///
    /// Returns nil when more bytes are needed.
    public mutating func parse(_ bytes: Span<UInt8>) throws(HeadError) -> RequestHead? {
        while let range = try lines.next(in: bytes) {
            if let line {
                if range.isEmpty { return try finish(line, bytes) }
                try fields.add(range, in: bytes, limit: limits.fields)
            } else if range.isEmpty, lines.consumed == 2 {
                // One empty line before the request line is ignored (RFC 9112 section 2.2).
                continue
            } else {
                line = try Self.readLine(range, in: bytes)
            }
        }
        return nil
    }

    private func finish(_ line: Line, _ bytes: Span<UInt8>) throws(HeadError) -> RequestHead {
        let isOld = line.version == .http10
        try checkHost(line, bytes)
        if fields.isChunked && isOld { throw .transferCodingInOldVersion }
        let framing: BodyFraming =
            if fields.isChunked { .chunked } else { fields.contentLength.map { .length($0) } ?? .none }
        return RequestHead(
            method: line.method,
            version: line.version,
            path: line.path,
            query: line.query,
            framing: framing,
            keepsAlive: !fields.saysClose && (!isOld || fields.saysKeepAlive),
            expectsContinue: fields.expectsContinue && !isOld,
            length: lines.consumed
        )
    }

    /// Two parsers must not take the request for one to different hosts.
    private func checkHost(_ line: Line, _ bytes: Span<UInt8>) throws(HeadError) {
        if fields.hosts > 1 { throw .repeatedHost }
        guard let host = fields.value(of: .host) else {
            if line.version == .http10 { return }
            throw .missingHost
        }
        guard Authority.isValid(host, in: bytes) else { throw .badHost }
        guard !line.authority.isEmpty else { return }
        let isSame = Authority.areSame(host, line.authority.range, isSecure: line.isSecure, in: bytes)
        guard isSame else { throw .hostMismatch }
    }

    private static func readLine(_ range: Range<Int>, in bytes: Span<UInt8>) throws(HeadError) -> Line {
        var end = range.lowerBound
        while end < range.upperBound, ASCII.isToken(bytes[end]) { end += 1 }
        guard end > range.lowerBound, end < range.upperBound, bytes[end] == ASCII.space,
            let second = bytes.firstIndex(of: ASCII.space, from: end + 1, to: range.upperBound)
        else { throw .badStartLine }
        var line = Line()
        line.method = HTTPMethod(bytes, range.lowerBound..<end)
        line.version = try HTTPVersion(bytes, (second + 1)..<range.upperBound)
        try readTarget((end + 1)..<second, in: bytes, into: &line)
        return line
    }

    private static func readTarget(_ target: Range<Int>, in bytes: Span<UInt8>, into line: inout Line) throws(HeadError)
    {
        guard !target.isEmpty else { throw .badTarget }
        for index in target where !ASCII.isVisible(bytes[index]) || bytes[index] == UInt8(ascii: "#") {
            throw .badTarget
        }
        var pathStart = target.lowerBound
        if bytes[pathStart] != ASCII.slash {
            if bytes.matches(target, "*") && line.method == .options || line.method == .connect { return }
            var authority = target.lowerBound
            if bytes.begins(target, with: "http://") {
                authority += 7
            } else if bytes.begins(target, with: "https://") {
                authority += 8
            } else {
                throw .badTarget
            }
            pathStart = authority
            while pathStart < target.upperBound, bytes[pathStart] != ASCII.slash,
                bytes[pathStart] != ASCII.questionMark
            {
                pathStart += 1
            }
            guard pathStart > authority, Authority.isValid(authority..<pathStart, in: bytes) else { throw .badTarget }
            line.authority = ByteRange(authority..<pathStart)
            line.isSecure = authority - target.lowerBound == 8
        }
        let mark = bytes.firstIndex(of: ASCII.questionMark, from: pathStart, to: target.upperBound)
        line.path = ByteRange(pathStart..<(mark ?? target.upperBound))
        line.query = mark.map { ByteRange(($0 + 1)..<target.upperBound) } ?? .empty
    }
}
