// SPDX-License-Identifier: MIT

/// The header fields of one head, and what the ones about framing and the connection say; emptied and used again for
/// the next head, so that a connection allocates once.
public struct FieldList: Sendable {
    /// The fields in their order.
    public private(set) var fields: [HeaderField] = []
    /// Field names that `Connection` declares to be hop-by-hop.
    public private(set) var nominated: [ByteRange] = []
    public private(set) var contentLength: Int?
    public private(set) var isChunked = false
    public private(set) var saysClose = false
    public private(set) var saysKeepAlive = false
    public private(set) var expectsContinue = false
    private(set) var hosts = 0

    /// The most field names that `Connection` may declare; each is compared with every field.
    static let nominationLimit = 16

    /// Creates an empty list.
    public init() {}

    mutating func removeAll() {
        fields.removeAll(keepingCapacity: true)
        nominated.removeAll(keepingCapacity: true)
        contentLength = nil
        isChunked = false
        saysClose = false
        saysKeepAlive = false
        expectsContinue = false
        hosts = 0
    }

    /// The value of the first field with this name.
    public func value(of id: FieldName) -> Range<Int>? {
        for field in fields where field.id == id { return field.value.range }
        return nil
    }

    /// The value of the first field with a name in lower case that has no ``FieldName``: for what is seldom asked.
    public func value(named name: String, in bytes: Span<UInt8>) -> Range<Int>? {
        let wanted = Array(name.utf8)
        for field in fields where field.name.count == wanted.count {
            let start = field.name.range.lowerBound
            if wanted.indices.allSatisfy({ ASCII.lowercased(bytes[start + $0]) == wanted[$0] }) {
                return field.value.range
            }
        }
        return nil
    }

    /// Whether the field belongs to one connection, by its nature or because `Connection` names it.
    func isHopByHop(_ field: HeaderField, in bytes: Span<UInt8>) -> Bool {
        if field.id.isHopByHop { return true }
        for name in nominated where name.count == field.name.count {
            let left = name.range.lowerBound
            let right = field.name.range.lowerBound
            let same = (0..<name.count).allSatisfy {
                ASCII.lowercased(bytes[left + $0]) == ASCII.lowercased(bytes[right + $0])
            }
            if same { return true }
        }
        return false
    }

    /// Reads one field line, without its line end.
    mutating func add(_ line: Range<Int>, in bytes: Span<UInt8>, limit: Int) throws(HeadError) {
        guard fields.count < limit else { throw .tooManyFields(limit: limit) }
        if bytes[line.lowerBound] == ASCII.space || bytes[line.lowerBound] == ASCII.tab { throw .foldedField }
        var colon = line.lowerBound
        while colon < line.upperBound, ASCII.isToken(bytes[colon]) { colon += 1 }
        guard colon > line.lowerBound, colon < line.upperBound else { throw .badFieldName }
        guard bytes[colon] == ASCII.colon else {
            throw bytes[colon] == ASCII.space || bytes[colon] == ASCII.tab ? .spaceBeforeColon : .badFieldName
        }
        guard bytes.areFieldValue(from: colon + 1, to: line.upperBound) else { throw .badFieldValue }
        let name = line.lowerBound..<colon
        let value = bytes.trimmed((colon + 1)..<line.upperBound)
        let id = FieldName(bytes, name)
        fields.append(HeaderField(id: id, name: ByteRange(name), value: ByteRange(value)))
        try note(id, value, in: bytes)
    }

    private mutating func note(_ id: FieldName, _ value: Range<Int>, in bytes: Span<UInt8>) throws(HeadError) {
        switch id {
        case .host: hosts += 1
        case .connection: try noteConnection(value, in: bytes)
        case .contentLength:
            guard contentLength == nil else { throw .repeatedContentLength }
            contentLength = try Self.length(value, in: bytes)
        case .transferEncoding:
            guard !isChunked else { throw .repeatedTransferEncoding }
            guard bytes.matchesIgnoringCase(value, "chunked") else { throw Self.refusal(of: value, in: bytes) }
            isChunked = true
        case .expect:
            guard bytes.matchesIgnoringCase(value, "100-continue") else { throw .unsupportedExpectation }
            expectsContinue = true
        default: break
        }
        if contentLength != nil && isChunked { throw .lengthAndChunked }
    }

    private mutating func noteConnection(_ value: Range<Int>, in bytes: Span<UInt8>) throws(HeadError) {
        var start = value.lowerBound
        while start < value.upperBound {
            let end = bytes.firstIndex(of: ASCII.comma, from: start, to: value.upperBound) ?? value.upperBound
            let token = bytes.trimmed(start..<end)
            if bytes.matchesIgnoringCase(token, "close") {
                saysClose = true
            } else if bytes.matchesIgnoringCase(token, "keep-alive") {
                saysKeepAlive = true
            } else if !token.isEmpty {
                guard nominated.count < Self.nominationLimit else {
                    throw .tooManyFields(limit: Self.nominationLimit)
                }
                nominated.append(ByteRange(token))
            }
            start = end + 1
        }
    }

    /// What is wrong with a list of codings that is not just `chunked`. Other codings in front of it are only not
    /// spoken here; anything else leaves the end of the body unknown (RFC 9112 section 6.3).
    private static func refusal(of value: Range<Int>, in bytes: Span<UInt8>) -> HeadError {
        var start = value.lowerBound
        while let comma = bytes.firstIndex(of: ASCII.comma, from: start, to: value.upperBound) {
            let coding = bytes.trimmed(start..<comma)
            if coding.isEmpty || bytes.matchesIgnoringCase(coding, "chunked") { return .badTransferEncoding }
            for index in coding where !ASCII.isToken(bytes[index]) { return .badTransferEncoding }
            start = comma + 1
        }
        let last = bytes.trimmed(start..<value.upperBound)
        return bytes.matchesIgnoringCase(last, "chunked") ? .unsupportedTransferCoding : .badTransferEncoding
    }

    /// Digits only; a length beyond `Int` counts as the largest one, and meets the body limit.
    private static func length(_ value: Range<Int>, in bytes: Span<UInt8>) throws(HeadError) -> Int {
        guard !value.isEmpty else { throw .badContentLength }
        var length = 0
        for index in value {
            guard ASCII.isDigit(bytes[index]) else { throw .badContentLength }
            let (tenfold, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(Int(bytes[index] - ASCII.zero))
            length = overflow || carry ? Int.max : sum
        }
        return length
    }
}
