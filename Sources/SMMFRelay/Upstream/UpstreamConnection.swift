// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// One connection to an instance: sends a request, holds the answer back until its first event is known to be one, then
/// relays bytes as they come. Kept and used again for request after request.
final class UpstreamConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// Waiting for the head of an answer, or for a request.
        case head
        /// The head is here and its content is looked at; nothing has been sent to the client.
        case undecided
        case relaying
    }

    /// So many bytes of an answer without an event are held back; what is longer goes to the client as it is.
    static let heldLimit = 256 * 1024

    let pool: UpstreamPool
    var context: ChannelHandlerContext?
    /// Whose request is on its way; nil while idle.
    var client: ClientConnection?
    var phase = Phase.head
    var parser = ResponseHeadParser()
    var head: ResponseHead?
    var body = BodyScanner(.none)
    var scanner = ResponseScanner()
    /// The answer's bytes while nothing is sent on.
    var held = ByteBuffer()
    /// How many of them the body's scanner has seen, the head included.
    var scanned = 0
    var transfer = AnswerTransfer.verbatim
    /// Whether a request was answered on this connection before, so that it may have been closed meanwhile.
    var isUsed = false
    var hasAnswered = false
    var idleSince = NIODeadline.now()
    /// Whether the pool counts it as open.
    var isCounted = false
    private(set) var isPaused = false
    private var wantsRead = false

    init(_ pool: UpstreamPool) { self.pool = pool }

    var isOpen: Bool { context != nil }

    /// Sends a request; `rest` follows `first` without being copied into it.
    func begin(for client: ClientConnection, _ first: ByteBuffer, rest: ByteBuffer?) {
        guard let context else {
            client.upstreamWasStale()
            return
        }
        self.client = client
        phase = .head
        parser.reset()
        head = nil
        held = ByteBuffer()
        scanned = 0
        hasAnswered = false
        context.write(wrapOutboundOut(first), promise: nil)
        if let rest { context.write(wrapOutboundOut(rest), promise: nil) }
        context.flush()
    }

    /// The client has gone or has given up: closing the connection stops the instance's work.
    func abandon() {
        client = nil
        close()
    }

    func close() { context?.close(promise: nil) }

    /// The client's socket takes bytes again.
    func resume() {
        guard isPaused else { return }
        isPaused = false
        if wantsRead {
            wantsRead = false
            context?.read()
        }
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func read(context: ChannelHandlerContext) {
        if isPaused { wantsRead = true } else { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard let client else {
            // An answer without a question: whatever it belongs to, this connection is out of step.
            close()
            return
        }
        hasAnswered = true
        client.upstreamMoved()
        if phase == .relaying {
            relay(bytes)
            return
        }
        if held.readableBytes == 0 { held = bytes } else { held.writeBuffer(&bytes) }
        readAnswer()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard let client, phase == .relaying else { return }
        client.flush()
        if self.client != nil, !client.isWritable {
            isPaused = true
            client.readsTooSlowly()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        if isCounted {
            isCounted = false
            pool.closed(self)
        }
        connectionEnded()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
