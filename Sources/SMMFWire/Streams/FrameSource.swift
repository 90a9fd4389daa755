// SPDX-License-Identifier: MIT

/// Reads messages of AWS's event streams (`application/vnd.amazon.eventstream`) from pieces of any size: lengths and
/// checksums in front, headers, a payload, a checksum behind.
struct FrameSource: Sendable {
    /// One message.
    struct Frame: Sendable, Hashable {
        /// The type of the event or exception, an error's code.
        var kind: String
        /// JSON; what an exception or error says is put into `{"…Exception":{"message":…}}` by ``FrameSource``.
        var payload: [UInt8]
    }

    /// Headers and payload as AWS limits them.
    static let headerLimit = 128 << 10
    static let payloadLimit = 24 << 20

    private var gathered: [UInt8] = []

    /// Whether nothing is left of a message that has not ended.
    var isEmpty: Bool { gathered.isEmpty }

    /// The next message that is complete, reading on from `offset`; nil when all of `bytes` is read.
    mutating func next(_ bytes: Span<UInt8>, from offset: inout Int) throws(NeutralError) -> Frame? {
        try gather(12, bytes, &offset)
        guard gathered.count >= 12 else { return nil }
        let total = Int(Self.word(gathered, 0))
        let headers = Int(Self.word(gathered, 4))
        guard CRC32.checksum(gathered[0..<8]) == Self.word(gathered, 8) else {
            throw .unreadable("the checksum of a message's lengths is wrong")
        }
        guard headers <= Self.headerLimit, total >= headers + 16, total - headers - 16 <= Self.payloadLimit else {
            throw .unreadable("a message has lengths out of bounds")
        }
        try gather(total, bytes, &offset)
        guard gathered.count == total else { return nil }
        guard CRC32.checksum(gathered[0..<(total - 4)]) == Self.word(gathered, total - 4) else {
            throw .unreadable("the checksum of a message is wrong")
        }
        let frame = try Self.frame(gathered, headers: 12..<(12 + headers), payload: (12 + headers)..<(total - 4))
        gathered.removeAll(keepingCapacity: true)
        return frame
    }

    private mutating func gather(_ count: Int, _ bytes: Span<UInt8>, _ offset: inout Int) throws(NeutralError) {
        let missing = min(count - gathered.count, bytes.count - offset)
        guard missing > 0 else { return }
        gathered.append(bytes, offset..<(offset + missing))
        offset += missing
    }

    private static func word(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        (place..<(place + 4)).reduce(0) { $0 << 8 | UInt32(bytes[$1]) }
    }

    private static func frame(
        _ bytes: [UInt8],
        headers: Range<Int>,
        payload: Range<Int>
    ) throws(NeutralError) -> Frame {
        let fields = try FrameHeaders.read(bytes, headers)
        let content = Array(bytes[payload])
        switch fields[":message-type"] ?? "event" {
        case "event": return Frame(kind: fields[":event-type"] ?? "", payload: content)
        case "exception":
            let name = fields[":exception-type"] ?? "exception"
            let text = (try? JSONTree(content))?["message"]?.string ?? String(decoding: content, as: UTF8.self)
            return failure(name, text)
        default: return failure(fields[":error-code"] ?? "error", fields[":error-message"] ?? "")
        }
    }

    private static func failure(_ name: String, _ text: String) -> Frame {
        Frame(kind: "exception", payload: JSONTree.object(["type": .string(name), "message": .string(text)]).bytes)
    }
}
