// SPDX-License-Identifier: MIT

import SMMFTesting

/// A chat request that asks for a stream.
let streamedChat = #"{"messages":[{"role":"user","content":"hello"}],"stream":true}"#

/// A chat request that asks for one piece.
let plainChat = #"{"messages":[{"role":"user","content":"hello"}]}"#

func get(_ path: String) -> String {
    "GET \(path) HTTP/1.1\r\nhost: sim\r\n\r\n"
}

func post(_ path: String, _ body: String, headers: [String] = []) -> String {
    let lines = headers.map { $0 + "\r\n" }.joined()
    return "POST \(path) HTTP/1.1\r\nhost: sim\r\n\(lines)content-length: \(body.utf8.count)\r\n\r\n\(body)"
}

/// Sends one request on a new connection that closes after it, and reads to the end.
func exchange(_ engine: SimulatedEngine, _ request: String) async throws -> WireReply {
    let client = try await WireClient.connect(to: engine.port)
    let lines = request.replacingFirst("host: sim\r\n", with: "host: sim\r\nconnection: close\r\n")
    try await client.send(lines)
    let transcript = await client.readToEnd()
    await client.close()
    return WireReply(transcript)
}

/// A response taken apart, leniently: it may be broken.
struct WireReply {
    let head: String
    let rawBody: [UInt8]
    let transcript: WireClient.Transcript

    init(_ transcript: WireClient.Transcript) {
        let bytes = transcript.bytes
        let mark = Array("\r\n\r\n".utf8)
        let end = bytes.indices.first { bytes[$0...].starts(with: mark) }.map { $0 + 4 } ?? 0
        head = String(decoding: bytes[..<end], as: UTF8.self)
        rawBody = Array(bytes[end...])
        self.transcript = transcript
    }

    var isChunked: Bool { head.contains("transfer-encoding: chunked") }
    /// The sizes of its chunks, the last one included when it is there.
    var chunks: [[UInt8]] { isChunked ? Self.chunks(rawBody) : [rawBody] }
    /// The body without its framing.
    var body: String { String(decoding: chunks.joined(), as: UTF8.self) }
    /// Whether a chunked body has its last chunk.
    var isComplete: Bool { !isChunked || chunks.last?.isEmpty == true }
    /// The data of its events.
    var events: [String] {
        body.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst(6)) }
    }

    private static func chunks(_ bytes: [UInt8]) -> [[UInt8]] {
        var chunks: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\r")) {
            guard let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16) else { break }
            let data = rest[end...].dropFirst(2).prefix(size)
            chunks.append(Array(data))
            rest = rest[end...].dropFirst(2 + size + 2)
        }
        return chunks
    }
}

extension String {
    /// How often `part` stands in it.
    func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }

    func replacingFirst(_ part: String, with other: String) -> String {
        guard let range = firstRange(of: part) else { return self }
        return self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}
