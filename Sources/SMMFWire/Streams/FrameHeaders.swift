// SPDX-License-Identifier: MIT

/// The headers of a message of AWS's event streams: a name, a type and a value each.
enum FrameHeaders {
    /// More headers than these are refused.
    static let limit = 64

    /// Reads the headers in `range`; those that are no strings are passed over.
    static func read(_ bytes: [UInt8], _ range: Range<Int>) throws(NeutralError) -> [String: String] {
        var fields: [String: String] = [:]
        var place = range.lowerBound
        func take(_ count: Int) throws(NeutralError) -> Range<Int> {
            guard count <= range.upperBound - place else { throw .unreadable("a message's headers are cut off") }
            defer { place += count }
            return place..<(place + count)
        }
        func number(_ count: Int) throws(NeutralError) -> Int { try take(count).reduce(0) { $0 << 8 | Int(bytes[$1]) } }
        var count = 0
        while place < range.upperBound {
            count += 1
            guard count <= limit else { throw .unreadable("a message has more than \(limit) headers") }
            let name = String(decoding: bytes[try take(try number(1))], as: UTF8.self)
            switch try number(1) {
            case 0, 1: continue
            case 2: _ = try take(1)
            case 3: _ = try take(2)
            case 4: _ = try take(4)
            case 5, 8: _ = try take(8)
            case 6: _ = try take(try number(2))
            case 7: fields[name] = String(decoding: bytes[try take(try number(2))], as: UTF8.self)
            case 9: _ = try take(16)
            default: throw .unreadable("a message has a header of an unknown type")
            }
        }
        return fields
    }

    /// Appends one string header.
    static func append(_ name: String, _ value: String, to output: inout [UInt8]) {
        output.append(UInt8(truncatingIfNeeded: name.utf8.count))
        output.append(contentsOf: name.utf8)
        output.append(7)
        output.append(UInt8(truncatingIfNeeded: value.utf8.count >> 8))
        output.append(UInt8(truncatingIfNeeded: value.utf8.count))
        output.append(contentsOf: value.utf8)
    }

    /// A whole message, as a provider sends it.
    static func message(_ fields: [(String, String)], payload: [UInt8]) -> [UInt8] {
        var headers: [UInt8] = []
        for (name, value) in fields { append(name, value, to: &headers) }
        var message: [UInt8] = []
        append(UInt32(16 + headers.count + payload.count), to: &message)
        append(UInt32(headers.count), to: &message)
        append(CRC32.checksum(message[...]), to: &message)
        message += headers
        message += payload
        append(CRC32.checksum(message[...]), to: &message)
        return message
    }

    private static func append(_ word: UInt32, to output: inout [UInt8]) {
        for shift in [24, 16, 8, 0] { output.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
    }
}
