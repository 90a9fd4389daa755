// SPDX-License-Identifier: MIT

import NIOCore
import NIOEmbedded
import NIOHTTP1

extension ReadMessages {
    /// What SwiftNIO's decoder, and so llhttp, makes of requests on one connection.
    init(llhttpRequests bytes: [UInt8]) {
        let channel = EmbeddedChannel()
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
        do {
            try channel.pipeline.syncOperations.addHandler(decoder)
            try channel.writeInbound(ByteBuffer(bytes: bytes))
        } catch { refusal = "\(error)" }
        var message: ReadMessage?
        while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let head):
                var read = ReadMessage()
                read.line = "\(head.method.rawValue) \(head.uri)"
                read.minorVersion = head.version.minor
                read.fields = Self.fields(head.headers)
                read.keepsAlive = head.isKeepAlive
                if head.method == .CONNECT || head.headers.contains(name: "upgrade") { isHandedOver = true }
                message = read
            case .body(let buffer): message?.body += buffer.readableBytesView
            case .end:
                if let message { complete.append(message) }
                message = nil
            }
        }
        _ = try? channel.finish()
    }

    /// What it makes of an answer; the connection ends behind the bytes.
    init(llhttpResponse bytes: [UInt8]) {
        let channel = EmbeddedChannel()
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes))
        do {
            try channel.pipeline.syncOperations.addHandler(decoder)
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
            try channel.writeOutbound(HTTPClientRequestPart.head(head))
            try channel.writeInbound(ByteBuffer(bytes: bytes))
            _ = try channel.finish()
        } catch { refusal = "\(error)" }
        var message: ReadMessage?
        while let part = try? channel.readInbound(as: HTTPClientResponsePart.self) {
            switch part {
            case .head(let head):
                var read = ReadMessage()
                read.line = "\(head.status.code)"
                read.minorVersion = head.version.minor
                read.fields = Self.fields(head.headers)
                message = read
            case .body(let buffer): message?.body += buffer.readableBytesView
            case .end:
                if let message, complete.isEmpty { complete.append(message) }
                message = nil
            }
        }
    }

    private static func fields(_ headers: HTTPHeaders) -> [String] {
        // It leaves the white space behind a value.
        headers.map { name, value in
            let text = value.utf8.reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed()
            return "\(name.lowercased())=\(String(decoding: Array(text), as: UTF8.self))"
        }
    }
}
