// SPDX-License-Identifier: MIT

#if os(Linux)
import NIOCore
import NIOEmbedded
import NIOSSL
import NIOTLS

/// TLS between a bare socket and its owner: the owner's link, and the socket's owner.
///
/// The handler that speaks TLS runs in a channel without a socket: what the socket receives is put in, what it wants to
/// send is taken out, all of it at once and on the loop's thread.
final class TLSLink: Link, LinkOwner, OpeningLink {
    private enum State {
        case handshake(until: NIODeadline)
        case open
        /// We close, or have closed; what the handler says does not matter any more.
        case closing
    }

    private let handler: NIOSSLClientHandler
    private let host: String
    private let channel = EmbeddedChannel()
    private let loop: EpollLoop
    private var owner: (any LinkOwner)?
    private var socket: (any Link)?
    private var state: State
    /// Why the handshake failed, where the handler knows.
    private var trouble: String?

    init(
        _ handler: NIOSSLClientHandler,
        host: String,
        until deadline: NIODeadline,
        _ loop: EpollLoop,
        _ owner: any LinkOwner
    ) {
        self.handler = handler
        self.host = host
        self.loop = loop
        self.owner = owner
        state = .handshake(until: deadline)
    }

    // MARK: Link

    var peerAddress: String? { socket?.peerAddress }

    var isWritable: Bool { socket?.isWritable ?? false }

    func send(_ bytes: Span<UInt8>) {
        guard case .open = state, !bytes.isEmpty else { return }
        var buffer = channel.allocator.buffer(capacity: bytes.count)
        bytes.withUnsafeBufferPointer { _ = buffer.writeBytes($0) }
        channel.write(buffer, promise: nil)
    }

    func flush() {
        guard case .open = state else { return }
        channel.flush()
        pump()
    }

    func setReading(_ isReading: Bool) { socket?.setReading(isReading) }

    func closeOutput() {
        flush()
        socket?.closeOutput()
    }

    func close() {
        if case .open = state {
            state = .closing
            // The handler says goodbye to the other side; its answer is not waited for.
            channel.close(promise: nil)
            pump()
        }
        state = .closing
        socket?.close()
    }

    // MARK: What the socket tells

    func opened(_ link: any Link) {
        socket = link
        do {
            try channel.pipeline.syncOperations.addHandler(handler)
            try channel.pipeline.syncOperations.addHandler(PlaintextHandler(self))
        } catch { return fail("TLS could not be set up") }
        guard let peer = (link as? SocketLink)?.peer else { return fail("TLS could not be set up") }
        // The address stands in for the host name where the endpoint has none.
        channel.remoteAddress = peer
        channel.connect(to: peer, promise: nil)
        pump()
        loop.watchOpening(self)
    }

    func failedToOpen(_ why: String) {
        let owner = self.owner
        self.owner = nil
        owner?.failedToOpen(why)
    }

    func received(_ bytes: Span<UInt8>) {
        if case .closing = state { return }
        var buffer = channel.allocator.buffer(capacity: bytes.count)
        bytes.withUnsafeBufferPointer { _ = buffer.writeBytes($0) }
        channel.pipeline.fireChannelRead(buffer)
        channel.pipeline.fireChannelReadComplete()
        pump()
    }

    func receivedAll() {
        if case .open = state { owner?.receivedAll() }
    }

    func drained() {
        if case .open = state { owner?.drained() }
    }

    func truncated() { owner?.truncated() }

    func closed() {
        socket = nil
        // Where no farewell came, the handler says so, and the owner hears that the end was cut off.
        channel.pipeline.fireChannelInactive()
        // Handler and channel hold each other until they are told that it is over.
        _ = try? channel.finish(acceptAlreadyClosed: true)
        let owner = self.owner
        self.owner = nil
        switch state {
        case .handshake: owner?.failedToOpen(trouble ?? HandshakeTrouble.closed)
        case .open, .closing: owner?.closed()
        }
        state = .closing
    }

    // MARK: Opening

    func opens(at now: NIODeadline) -> Bool {
        guard case .handshake(let deadline) = state else { return true }
        guard now >= deadline else { return false }
        fail(HandshakeTrouble.timedOut)
        return true
    }

    private func fail(_ why: String) {
        state = .closing
        failedToOpen(why)
        socket?.close()
    }

    // MARK: What the handler tells

    fileprivate func handshakeEnded() {
        guard case .handshake = state else { return }
        state = .open
        owner?.opened(self)
    }

    fileprivate func plaintext(_ bytes: Span<UInt8>) {
        if case .open = state { owner?.received(bytes) }
    }

    fileprivate func caught(_ error: any Error) {
        switch state {
        case .handshake:
            trouble =
                trouble ?? HandshakeTrouble.explain(error, host: host, certificate: handler.peerCertificate)
        case .open: owner?.truncated()
        case .closing: break
        }
    }

    /// The handler is done with the connection: the other side said goodbye, or something failed.
    fileprivate func ended() {
        switch state {
        case .handshake: fail(trouble ?? HandshakeTrouble.closed)
        case .open:
            state = .closing
            pump()
            socket?.close()
        case .closing: break
        }
    }

    /// Sends what the handler wants to send.
    private func pump() {
        while let bytes = try? channel.readOutbound(as: ByteBuffer.self) { socket?.send(bytes.readableBytesUInt8Span) }
        socket?.flush()
    }
}

/// The end of the handler's channel, where what it decrypted comes out.
private final class PlaintextHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private unowned let link: TLSLink

    init(_ link: TLSLink) { self.link = link }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent { link.handshakeEnded() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        link.plaintext(bytes.readableBytesUInt8Span)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { link.caught(error) }

    func channelInactive(context: ChannelHandlerContext) { link.ended() }
}
#endif
