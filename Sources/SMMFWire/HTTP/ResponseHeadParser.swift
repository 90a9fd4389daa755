// SPDX-License-Identifier: MIT

/// Reads HTTP/1.1 response heads (RFC 9112) from bytes that arrive in any pieces.
public struct ResponseHeadParser: Sendable {
    private struct Line: Sendable {
        var status = 0
        var version = HTTPVersion.http11
        var reason = ByteRange.empty
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

    /// Reads on; `bytes` starts at the head's first byte each time and may go beyond its end.
    ///
    /// `answersHead` says that the request was a HEAD, whose answer has no body. Returns nil when more is needed.
    public mutating func parse(_ bytes: Span<UInt8>, answersHead: Bool) throws(HeadError) -> ResponseHead? {
        while let range = try lines.next(in: bytes) {
            if let line {
                if range.isEmpty { return finish(line, bytes, answersHead) }
                try fields.add(range, in: bytes, limit: limits.fields)
            } else {
                line = try Self.readLine(range, in: bytes)
            }
        }
        return nil
    }

    private func finish(_ line: Line, _ bytes: Span<UInt8>, _ answersHead: Bool) -> ResponseHead {
        let framing: BodyFraming =
            if answersHead || line.status < 200 || line.status == 204 || line.status == 304 {
                .none
            } else if fields.isChunked {
                .chunked
            } else {
                fields.contentLength.map { .length($0) } ?? .untilClose
            }
        // HTTP/1.0 has no chunks: whoever sends them under that version may not know where its answer ends.
        let isSure = line.version == .http11 || fields.saysKeepAlive && !fields.isChunked
        let persistent = !fields.saysClose && isSure
        return ResponseHead(
            status: line.status,
            version: line.version,
            reason: line.reason,
            framing: framing,
            content: content(in: bytes),
            keepsAlive: persistent && framing != .untilClose,
            length: lines.consumed
        )
    }

    private func content(in bytes: Span<UInt8>) -> ResponseHead.Content {
        if let coding = fields.value(of: .contentEncoding), !coding.isEmpty,
            !bytes.matchesIgnoringCase(coding, "identity")
        {
            return .coded
        }
        guard let type = fields.value(of: .contentType) else { return .opaque }
        let end = bytes.firstIndex(of: ASCII.semicolon, from: type.lowerBound, to: type.upperBound) ?? type.upperBound
        let media = bytes.trimmed(type.lowerBound..<end)
        if bytes.matchesIgnoringCase(media, "text/event-stream") { return .eventStream }
        return bytes.matchesIgnoringCase(media, "application/json") ? .json : .opaque
    }

    private static func readLine(_ range: Range<Int>, in bytes: Span<UInt8>) throws(HeadError) -> Line {
        guard range.count >= 12, bytes[range.lowerBound + 8] == ASCII.space else { throw .badStartLine }
        var line = Line()
        line.version = try HTTPVersion(bytes, range.lowerBound..<(range.lowerBound + 8))
        let digits = (range.lowerBound + 9)..<(range.lowerBound + 12)
        for index in digits {
            guard ASCII.isDigit(bytes[index]) else { throw .badStartLine }
            line.status = line.status * 10 + Int(bytes[index] - ASCII.zero)
        }
        guard line.status >= 100, line.status < 600 else { throw .badStartLine }
        guard digits.upperBound < range.upperBound else { return line }
        guard bytes[digits.upperBound] == ASCII.space else { throw .badStartLine }
        let reason = (digits.upperBound + 1)..<range.upperBound
        for index in reason where !ASCII.isFieldValue(bytes[index]) { throw .badStartLine }
        line.reason = ByteRange(reason)
        return line
    }
}
