// SPDX-License-Identifier: MIT

import NIOCore

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

    init(_ owner: any LinkOwner) { self.owner = owner }

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

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelActive(context: ChannelHandlerContext) { owner?.opened(self) }

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
        let owner = self.owner
        self.owner = nil
        owner?.closed()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
