// SPDX-License-Identifier: MIT

import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import SMMFTesting
import Synchronization

/// An HTTP/2 client over TLS.
struct StreamClient: Sendable {
    let channel: any Channel
    private let multiplexer: NIOHTTP2Handler.StreamMultiplexer

    static func connect(_ port: Int, _ tls: NIOSSLContext) async throws -> StreamClient {
        let made = Mutex<NIOHTTP2Handler.StreamMultiplexer?>(nil)
        let box = Box(made)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = NIOHTTP2Handler(
                        mode: .client,
                        eventLoop: channel.eventLoop,
                        connectionConfiguration: relaxed
                    ) { $0.close() }
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: "localhost"))
                    try pipeline.addHandler(handler)
                    let multiplexer = try handler.syncMultiplexer()
                    box.value.withLock { $0 = multiplexer }
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .get()
        guard let multiplexer = box.value.withLock({ $0 }) else { throw TooLate(what: "a multiplexer") }
        return StreamClient(channel: channel, multiplexer: multiplexer)
    }

    /// Lets tests send what a client should not.
    private static var relaxed: NIOHTTP2Handler.ConnectionConfiguration {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.headerBlockValidation = .disabled
        configuration.contentLengthValidation = .disabled
        return configuration
    }

    private final class Box<Value: ~Copyable & Sendable>: Sendable {
        let value: Value
        init(_ value: consuming Value) { self.value = value }
    }

    /// Opens a stream with a request; one that does not read takes no more than the windows of stream and connection.
    func open(_ fields: HPACKHeaders, body: String? = nil, ends: Bool = true, reads: Bool = true) async throws
        -> ClientStream
    {
        let stream = ClientStream()
        let promise = channel.eventLoop.makePromise(of: (any Channel).self)
        multiplexer.createStreamChannel(promise: promise) { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(stream) }
        }
        let opened = try await promise.futureResult.get()
        if !reads { try await opened.setOption(.autoRead, value: false).get() }
        stream.attach(opened)
        let head = HTTP2Frame.FramePayload.headers(.init(headers: fields, endStream: ends && body == nil))
        try await opened.writeAndFlush(head)
        if let body {
            let data = HTTP2Frame.FramePayload.Data(data: .byteBuffer(ByteBuffer(string: body)), endStream: ends)
            // A server may answer, and reset the rest, before it was taken.
            opened.writeAndFlush(HTTP2Frame.FramePayload.data(data), promise: nil)
        }
        return stream
    }

    func get(_ path: String) async throws -> ClientStream { try await open(Self.fields("GET", path)) }

    func chat(stream: Bool = true, reads: Bool = true) async throws -> ClientStream {
        let body = #"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":\#(stream)}"#
        return try await open(Self.fields("POST", "/v1/chat/completions"), body: body, reads: reads)
    }

    static func fields(_ method: String, _ path: String) -> HPACKHeaders {
        [":method": method, ":scheme": "https", ":authority": "localhost", ":path": path]
    }
}

/// What came on one stream.
final class ClientStream: ChannelInboundHandler, Sendable {
    typealias InboundIn = HTTP2Frame.FramePayload

    struct State: Sendable {
        var status = ""
        var fields = HPACKHeaders()
        var content = ""
        /// Whether the other side ended the stream properly.
        var hasEnded = false
        var resetCode: HTTP2ErrorCode?
        var isClosed = false
    }

    private let content = Mutex(State())
    private let channel = Mutex<(any Channel)?>(nil)

    var state: State { content.withLock { $0 } }

    func attach(_ channel: any Channel) { self.channel.withLock { $0 = channel } }

    /// Resets the stream.
    func cancel() { channel.withLock { $0 }?.close(promise: nil) }

    func startReading() async throws {
        let channel = channel.withLock { $0 }
        try await channel?.setOption(.autoRead, value: true).get()
        // A stream's channel does not begin to read by itself when the option is set.
        channel?.read()
    }

    /// Waits for the stream to close, and returns what had come.
    func finished() async throws -> State {
        try await eventually("the stream closes") { state.isClosed }
        return state
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        content.withLock { state in
            switch unwrapInboundIn(data) {
            case .headers(let headers):
                state.status = headers.headers[":status"].first ?? ""
                state.fields = headers.headers
                state.hasEnded = headers.endStream
            case .data(let data):
                if case .byteBuffer(let buffer) = data.data { state.content += String(buffer: buffer) }
                state.hasEnded = data.endStream
            case .rstStream(let code): state.resetCode = code
            default: break
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? NIOHTTP2Errors.StreamClosed { content.withLock { $0.resetCode = error.errorCode } }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { content.withLock { $0.isClosed = true } }
}
