// SPDX-License-Identifier: MIT

import NIOCore
import NIOPosix
import NIOSSL
import SMMFWire

/// An answer as a client sees it.
struct ReceivedAnswer: Sendable {
    let status: Int
    let fields: [String: String]
    let content: String
    /// Whether the body ended as its framing says.
    let isComplete: Bool
}

/// A client that sends any bytes and reads answers.
struct RawClient: Sendable {
    let channel: any Channel
    private let bytes: ByteChannel

    /// Connects to a port, or to a Unix socket in its place, with TLS where a context is given.
    static func connect(
        _ port: Int,
        socket: String? = nil,
        tls: NIOSSLContext? = nil,
        receiveBuffer: Int32? = nil
    ) async throws -> RawClient {
        let bytes = ByteChannel()
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(30))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: "localhost")
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(bytes)
                }
            }
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBuffer))
                .channelOption(.autoRead, value: false)
        }
        if let socket {
            return RawClient(channel: try await bootstrap.connect(unixDomainSocketPath: socket).get(), bytes: bytes)
        }
        return RawClient(
            channel: try await bootstrap.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: port)).get(),
            bytes: bytes
        )
    }

    func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

    /// Sends a POST with a JSON body.
    func post(_ path: String, _ body: String, fields: String = "", version: String = "1.1") async throws {
        let length = body.utf8.count
        try await send("POST \(path) HTTP/\(version)\r\nHost: x\r\n\(fields)Content-Length: \(length)\r\n\r\n\(body)")
    }

    /// Sends a chat request; one that asks for usage gets its stream as the instance sends it, byte by byte.
    func chat(model: String = "m", stream: Bool = false, usage: Bool = false, fields: String = "") async throws {
        let options = usage ? #","stream_options":{"include_usage":true}"# : ""
        let body = #"{"model":"\#(model)","messages":[{"role":"user","content":"hi"}],"stream":\#(stream)\#(options)}"#
        try await post("/v1/chat/completions", body, fields: fields)
    }

    /// Closes without further ado.
    func close() async throws { try await channel.close() }

    /// Waits for text to come, wherever in the bytes; they stay unread.
    func wait(for text: String) async throws {
        let wanted = Array(text.utf8)
        _ = try await bytes.next("\"\(text)\"") { bytes, isClosed in
            if bytes.contains(wanted) { return (true, 0) }
            if isClosed {
                throw TooLate(what: "\"\(text)\" before the end of \(String(decoding: bytes, as: UTF8.self))")
            }
            return nil
        }
    }

    /// Waits for text to come in the content of the next answer, however that is framed; it stays unread.
    func wait(forContent text: String) async throws {
        _ = try await bytes.next("\"\(text)\"") { bytes, isClosed -> (Bool, Int)? in
            var parser = ResponseHeadParser()
            guard let head = try parser.parse(bytes.span, answersHead: false) else { return nil }
            var scanner = BodyScanner(head.framing)
            var offset = head.length
            var content: [UInt8] = []
            while case .content(let range) = try scanner.next(bytes.span, from: &offset) { content += bytes[range] }
            if content.contains(Array(text.utf8)) { return (true, 0) }
            if isClosed { throw TooLate(what: "\"\(text)\" before the end") }
            return nil
        }
    }

    /// Waits for the other side to close, and returns what was left to read.
    func readToEnd() async throws -> String {
        try await bytes.next("the end of the connection") { bytes, isClosed in
            isClosed ? (String(decoding: bytes, as: UTF8.self), bytes.count) : nil
        }
    }

    /// Reads the next answer; one that broke off is returned once the connection is closed.
    func answer(toHead: Bool = false) async throws -> ReceivedAnswer {
        try await bytes.next("an answer") { bytes, isClosed in
            try Self.parse(bytes, isClosed: isClosed, toHead: toHead)
        }
    }

    /// Waits for the other side to close, and reads the answer that came before that; cheaper than `answer` where it
    /// comes in very many pieces.
    func lastAnswer() async throws -> ReceivedAnswer {
        try await bytes.next("the last answer") { bytes, isClosed in
            isClosed ? try Self.parse(bytes, isClosed: true, toHead: false) : nil
        }
    }

    private static func parse(_ bytes: [UInt8], isClosed: Bool, toHead: Bool) throws -> (ReceivedAnswer, Int)? {
        var parser = ResponseHeadParser()
        guard let head = try parser.parse(bytes.span, answersHead: toHead) else {
            if isClosed { throw TooLate(what: "an answer before the connection closed") }
            return nil
        }
        var fields: [String: String] = [:]
        for field in parser.fields.fields {
            fields[bytes.span.text(field.name.range).lowercased()] = bytes.span.text(field.value.range)
        }
        var scanner = BodyScanner(head.framing)
        var offset = head.length
        var content: [UInt8] = []
        while case .content(let range) = try scanner.next(bytes.span, from: &offset) { content += bytes[range] }
        guard scanner.isDone || isClosed else { return nil }
        let answer = ReceivedAnswer(
            status: head.status,
            fields: fields,
            content: String(decoding: content, as: UTF8.self),
            isComplete: scanner.isDone || head.framing == .untilClose
        )
        return (answer, offset)
    }
}
