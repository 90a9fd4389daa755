// SPDX-License-Identifier: MIT

import NIOCore
import SMMFRouting
import SMMFWire

/// One client's connection: reads requests one after the other, has each answered here or by an instance, and writes
/// the answers in order.
final class ClientConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// Between requests, or in the middle of a head.
        case head
        case body
        /// A local route is working on the answer.
        case local
        /// The model is on its way.
        case held
        /// In line for a connection to the chosen instance.
        case waiting
        /// The instance has the request.
        case asked
        /// The client gets an instance's answer.
        case answering
        /// The last answer is written; what still comes is thrown away.
        case closing
        case closed
    }

    /// Bytes of further requests that are read while one is being answered.
    static let pipelineLimit = 64 * 1024
    /// How long a client may take to close after the last answer.
    static let lingerTime = TimeAmount.seconds(2)

    let loop: RelayLoop
    /// The index in the loop's list.
    var place = -1
    var context: ChannelHandlerContext?
    var phase = Phase.head
    var deadline = NIODeadline.distantFuture
    /// Bytes that were read and not used up, beginning with the current request's head.
    var inbound = ByteBuffer()
    var parser: RequestHeadParser
    var head: RequestHead?
    var hasBegunHead = false
    var target: PathTable.Target?
    var requestID: RequestID
    /// The current request's body, without chunks.
    var body = ByteBuffer()
    var chunks = BodyScanner(.none)
    /// How many bytes at the front of `inbound` are the current request.
    var requestLength = 0
    var request: RelayRequest?
    var slot: LoadSlot?
    var upstream: UpstreamConnection?
    /// Where the request is in line for a connection.
    var line: UpstreamPool?
    /// Whether the connection closes behind the current answer.
    var closesAfterwards = false
    var isAdvancing = false
    private var hasUnflushed = false
    private var wantsRead = false

    init(_ loop: RelayLoop) {
        self.loop = loop
        parser = RequestHeadParser(limits: loop.settings.configuration.headLimits)
        requestID = loop.freshRequestID()
    }

    var timeouts: RelayTimeouts { loop.settings.timeouts }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func wait(for duration: Duration) { deadline = .now() + TimeAmount(duration) }

    // MARK: What the channel tells

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        guard loop.connections.count < loop.settings.share(loop.settings.configuration.maxConnections) else {
            loop.metrics.connectionsRefused += 1
            phase = .closed
            context.close(promise: nil)
            return
        }
        loop.add(self)
        wait(for: timeouts.keepAlive)
        if loop.isDraining { cut() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard phase != .closing, phase != .closed else { return }
        loop.metrics.bytesFromClients += bytes.readableBytes
        if inbound.readableBytes == 0 { inbound = bytes } else { inbound.writeBuffer(&bytes) }
        advance()
    }

    func channelReadComplete(context: ChannelHandlerContext) { flush() }

    func read(context: ChannelHandlerContext) {
        let isFull = phase != .head && phase != .body && inbound.readableBytes - requestLength > Self.pipelineLimit
        if isFull { wantsRead = true } else { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard phase == .answering, isWritable, let upstream else { return }
        wait(for: timeouts.idle)
        upstream.resume()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        let last = phase
        phase = .closed
        loop.remove(self)
        if last == .held { loop.letGo(self) }
        line?.forget(self)
        line = nil
        let upstream = self.upstream
        self.upstream = nil
        upstream?.abandon()
        count(.cancelled)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: Writing

    func write(_ bytes: ByteBuffer) {
        loop.metrics.bytesToClients += bytes.readableBytes
        hasUnflushed = true
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    func flush() {
        guard hasUnflushed else { return }
        hasUnflushed = false
        context?.flush()
    }

    /// Writes what stands in the loop's scratch and empties it.
    func writeScratch() {
        guard let context else { return }
        var bytes = context.channel.allocator.buffer(capacity: loop.scratch.count)
        bytes.writeBytes(loop.scratch)
        loop.scratch.removeAll(keepingCapacity: true)
        write(bytes)
    }

    /// Goes on reading, where a full pipeline had stopped it.
    func resumeReading() {
        guard wantsRead else { return }
        wantsRead = false
        context?.read()
    }

    // MARK: Closing

    /// Closes behind the last answer: first our half, once the client has taken all of it, then the rest.
    func closeGently() {
        guard phase != .closed else { return }
        phase = .closing
        inbound = ByteBuffer()
        wait(for: timeouts.slowReader)
        flush()
        let isSent = loop.eventLoop.makePromise(of: Void.self)
        isSent.futureResult.assumeIsolated().whenComplete { _ in self.deadline = .now() + Self.lingerTime }
        if let context { context.close(mode: .output, promise: isSent) } else { isSent.succeed() }
        resumeReading()
    }

    /// Closes now.
    func cut() { context?.close(promise: nil) }

    /// Closes when no request is being read or answered.
    func closeIfIdle() {
        if phase == .head, !hasBegunHead { cut() }
    }
}
