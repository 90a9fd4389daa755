// SPDX-License-Identifier: MIT

import SMMFWire

/// Writes the frames of a played stream with what tells them apart.
struct ProviderFraming {
    let script: SimulatorScript
    let framing: PlayedReply.Framing
    /// Whether checksums are wrong.
    var isBroken = false

    func bytes(_ frame: PlayedReply.Frame, index: Int, of count: Int) -> [UInt8] {
        switch framing {
        case .whole: return frame.data
        case .lines: return noise(index, "\n") + frame.data + Array("\n".utf8)
        case .array:
            let before = index == 0 ? "[" : ",\r\n"
            return Array(before.utf8) + frame.data + Array((index == count - 1 ? "]" : "").utf8)
        case .events(let tight): return event(frame, index: index, tight: tight)
        case .frames: return Self.frame(frame, isBroken: isBroken)
        }
    }

    private func event(_ frame: PlayedReply.Frame, index: Int, tight: Bool) -> [UInt8] {
        let end = script.crlf ? "\r\n" : "\n"
        var bytes = noise(index, end)
        for line in frame.lines { bytes += Array("\(line)\(end)".utf8) }
        // A frame without data is a comment.
        guard !frame.data.isEmpty else { return bytes + Array(end.utf8) }
        bytes += Array((tight || script.tight ? "data:" : "data: ").utf8)
        return bytes + frame.data + Array((end + end).utf8)
    }

    private func noise(_ index: Int, _ end: String) -> [UInt8] {
        switch script.noise {
        case .none, .fields: []
        // Lines of JSON know no comments.
        case .comments: framing == .lines ? [] : Array(": keep-alive \(index)\(end)\(end)".utf8)
        case .blanks: Array(end.utf8)
        }
    }

    // MARK: AWS's event stream

    /// Total length, length of the headers, checksum of both, headers, payload, checksum of all (all big-endian).
    static func frame(_ frame: PlayedReply.Frame, isBroken: Bool) -> [UInt8] {
        let isException = frame.event.hasSuffix("Exception")
        var headers: [UInt8] = []
        for (name, value) in [
            (isException ? ":exception-type" : ":event-type", frame.event), (":content-type", "application/json"),
            (":message-type", isException ? "exception" : "event"),
        ] {
            headers.append(UInt8(name.utf8.count))
            headers += Array(name.utf8)
            // Type 7, a string.
            headers.append(7)
            headers += [UInt8(value.utf8.count >> 8), UInt8(value.utf8.count & 0xFF)] + Array(value.utf8)
        }
        var bytes = number(UInt32(16 + headers.count + frame.data.count)) + number(UInt32(headers.count))
        bytes += number(PlayedDigest.crc32(bytes))
        bytes += headers + frame.data
        return bytes + number(PlayedDigest.crc32(bytes) ^ (isBroken ? 1 : 0))
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }
}
