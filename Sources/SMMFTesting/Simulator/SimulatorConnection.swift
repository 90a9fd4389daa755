// SPDX-License-Identifier: MIT

import NIOCore
import NIOHTTP1

/// One connection to a simulated engine: takes requests from NIO's decoder, one after the other, and carries out their
/// plans on raw bytes, so that the plan alone decides what stands on the wire.
final class SimulatorConnection: ChannelInboundHandler, NIOScheduledCallbackHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private struct Incoming {
        let head: HTTPRequestHead
        let body: ByteBuffer
    }

    private static let longestBody = 256 << 20
    private static let mostPending = 64

    let core: SimulatorCore
    let listener: SimulatorListener
    private let service: any SimulatorAnswering
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var pending: [Incoming] = []
    var exchange: SimulatorExchange?
    var context: ChannelHandlerContext?
    /// Goes on with the exchange, from any thread.
    var resumeFromAnywhere: @Sendable () -> Void = {}

    init(core: SimulatorCore, listener: SimulatorListener, service: any SimulatorAnswering) {
        self.core = core
        self.listener = listener
        self.service = service
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let loop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        resumeFromAnywhere = { loop.execute { bound.value.resume() } }
    }

    func channelActive(context: ChannelHandlerContext) {
        core.connect(context.channel)
        let script = core.version.script
        if script.refusing { context.channel.reset() } else if script.dropping { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        abandon()
        core.disconnect(context.channel)
        pending = []
        resumeFromAnywhere = {}
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError, exchange == nil else { return context.close(promise: nil) }
        let client = SimulatorPlanner.Client(isHTTP10: false, keepsAlive: false)
        let planner = SimulatorPlanner(script: SimulatorScript(), client: client)
        begin(planner.error(400, "not HTTP: \(error)"))
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = ByteBuffer()
            guard exchange == nil, head.headers.contains(name: "expect") else { return }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
        case .body(var bytes):
            if body.readableBytes == 0 { body = bytes } else { body.writeBuffer(&bytes) }
            if body.readableBytes > Self.longestBody { context.close(promise: nil) }
        case .end:
            guard let head, pending.count < Self.mostPending else { return context.close(promise: nil) }
            pending.append(Incoming(head: head, body: body))
            self.head = nil
            startNext()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable, exchange?.waitsFor == .writability else { return }
        resume()
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        guard exchange?.waitsFor == .time else { return }
        resume()
    }

    func startNext() {
        guard exchange == nil, !pending.isEmpty else { return }
        let incoming = pending.removeFirst()
        begin(service.plan(for: incoming.head, body: incoming.body))
    }
}
