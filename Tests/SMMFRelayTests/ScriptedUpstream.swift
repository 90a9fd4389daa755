// SPDX-License-Identifier: MIT

import NIOCore
import NIOPosix
import NIOSSL
import SMMFWire
import Synchronization

/// A request that an upstream got, and the means to answer it byte by byte.
struct UpstreamExchange: Sendable {
    let head: String
    let body: String
    /// Counts the upstream's connections from zero.
    let connection: Int
    let channel: any Channel

    func send(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }

    func close() { channel.close(promise: nil) }

    /// Closes the socket without TLS's farewell.
    func cutTLS() {
        channel.eventLoop.execute {
            let context = try? channel.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
            context?.close(promise: nil)
        }
    }

    /// Waits for the relay to close the connection.
    func closed() async throws {
        try await within("the upstream's connection to close") { try await channel.closeFuture.get() }
    }

    static let streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

    /// One event as a chunk.
    static func event(_ data: String) -> String {
        let text = "data: \(data)\n\n"
        return "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n"
    }

    static func json(_ body: String, status: String = "200 OK", fields: String = "") -> String {
        let length = body.utf8.count
        return
            "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\n\(fields)Content-Length: \(length)\r\n\r\n\(body)"
    }
}

/// An instance that does what a test says: each request waits for the test, or is answered by `script`.
final class ScriptedUpstream: Sendable {
    let port: Int
    private let listener: any Channel
    private let exchanges: AsyncStream<UpstreamExchange>
    private let connections: Counter

    /// A number that handlers on several loops share.
    final class Counter: Sendable {
        private let value = Atomic<Int>(0)

        func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }

        var count: Int { value.load(ordering: .relaxed) }
    }

    /// Listens on a free port, or on a Unix socket, with TLS where a context is given.
    init(
        socket: String? = nil,
        tls: NIOSSLContext? = nil,
        script: (@Sendable (UpstreamExchange) -> Void)? = nil
    ) async throws {
        let (stream, continuation) = AsyncStream<UpstreamExchange>.makeStream(bufferingPolicy: .bufferingOldest(10_000))
        let counter = Counter()
        exchanges = stream
        connections = counter
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 4096)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    let handler = RequestReader(counter.next(), script ?? { continuation.yield($0) })
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        if let socket {
            listener = try await bootstrap.bind(unixDomainSocketPath: socket).get()
        } else {
            listener = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
        }
        port = listener.localAddress?.port ?? 0
    }

    var connectionCount: Int { connections.count }

    func next() async throws -> UpstreamExchange {
        try await within("a request at the upstream") { [exchanges] in
            var iterator = exchanges.makeAsyncIterator()
            guard let exchange = await iterator.next() else { throw TooLate(what: "a request at the upstream") }
            return exchange
        }
    }
}

/// Reads requests with a content length.
private final class RequestReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: Int
    private let handle: @Sendable (UpstreamExchange) -> Void
    private var bytes: [UInt8] = []

    init(_ connection: Int, _ handle: @escaping @Sendable (UpstreamExchange) -> Void) {
        self.connection = connection
        self.handle = handle
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
        var parser = RequestHeadParser()
        let bytes = bytes
        guard let head = try? parser.parse(bytes.span), case .length(let count) = head.framing,
            bytes.count >= head.length + count
        else { return }
        let exchange = UpstreamExchange(
            head: String(decoding: bytes[..<head.length], as: UTF8.self),
            body: String(decoding: bytes[head.length..<(head.length + count)], as: UTF8.self),
            connection: connection,
            channel: context.channel
        )
        self.bytes.removeFirst(head.length + count)
        handle(exchange)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
