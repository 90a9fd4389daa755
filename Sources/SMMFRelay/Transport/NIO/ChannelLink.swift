// SPDX-License-Identifier: MIT

import NIOCore
import NIOSSL
import NIOTLS

/// A link over a SwiftNIO channel: on every platform, and wherever other handlers stand in front, such as TLS.
final class ChannelLink: ChannelDuplexHandler, Link {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Let go when the channel has closed, as owner and link hold each other.
    private var owner: (any LinkOwner)?
    private var context: ChannelHandlerContext?
    /// Bytes to be written with the next flush.
    private var gathered = ByteBuffer()
    private var isReading = true
    private var wantsRead = false
    private var waitsForDrain = false
    /// TLS towards an instance, whose handshake stands between an open socket and an open link.
    private let handshake: Handshake?
    private var isOpened = false

    /// What is needed to tell how a handshake ended.
    struct Handshake {
        let handler: NIOSSLClientHandler
        let host: String
        let deadline: NIODeadline
    }

    init(_ owner: any LinkOwner, after handshake: Handshake? = nil) {
        self.owner = owner
        self.handshake = handshake
    }

    // MARK: Link

    var isWritable: Bool { context?.channel.isWritable ?? false }

    var peerAddress: String? { context?.channel.remoteAddress?.ipAddress }

    func send(_ bytes: Span<UInt8>) {
        guard context != nil else { return }
        bytes.withUnsafeBufferPointer { _ = gathered.writeBytes($0) }
    }

    func flush() {
        guard let context, gathered.readableBytes > 0 else { return }
        let bytes = gathered
        gathered = ByteBuffer()
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        if !context.channel.isWritable { waitsForDrain = true }
    }

    func setReading(_ isReading: Bool) {
        self.isReading = isReading
        guard isReading, wantsRead else { return }
        wantsRead = false
        context?.read()
    }

    func closeOutput() {
        flush()
        guard let context else { return }
        let isSent = context.eventLoop.makePromise(of: Void.self)
        isSent.futureResult.assumeIsolated().whenComplete { _ in self.owner?.drained() }
        context.close(mode: .output, promise: isSent)
    }

    func close() {
        // The owner is told from the loop and not from within its own call.
        guard let context else { return }
        let loop = context.eventLoop
        let bound = NIOLoopBound(context, eventLoop: loop)
        loop.execute { bound.value.close(promise: nil) }
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // A handler that comes late, behind a handshake of the listener's, is not told that the channel is open.
        if context.channel.isActive { open() }
    }

    func channelActive(context: ChannelHandlerContext) {
        guard let handshake else { return open() }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(deadline: handshake.deadline) {
            if !bound.value.isOpened { bound.value.failToOpen(HandshakeTrouble.timedOut) }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if handshake != nil, case .handshakeCompleted = event as? TLSUserEvent { open() }
        context.fireUserInboundEventTriggered(event)
    }

    private func open() {
        isOpened = true
        owner?.opened(self)
    }

    private func failToOpen(_ why: String) {
        guard let owner else { return }
        self.owner = nil
        owner.failedToOpen(why)
        close()
    }

    func read(context: ChannelHandlerContext) {
        if isReading { context.read() } else { wantsRead = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        owner?.received(bytes.readableBytesUInt8Span)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        owner?.receivedAll()
        flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard waitsForDrain, context.channel.isWritable else { return }
        waitsForDrain = false
        owner?.drained()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        guard isOpened else { return failToOpen(HandshakeTrouble.closed) }
        let owner = self.owner
        self.owner = nil
        owner?.closed()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let handshake, !isOpened {
            let certificate = handshake.handler.peerCertificate
            failToOpen(HandshakeTrouble.explain(error, host: handshake.host, certificate: certificate))
        } else {
            owner?.truncated()
        }
        context.close(promise: nil)
    }
}
