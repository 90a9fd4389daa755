// SPDX-License-Identifier: MIT

import Logging
import NIOCore
import NIOHTTP2
import NIOSSL
import NIOTLS
import SMMFWire

/// Stands behind TLS on an accepted connection until the handshake has said which protocol is spoken: for HTTP/1.1 it
/// makes way for a link, for HTTP/2 it stays as what the relay knows of the connection while its streams come and go.
final class SecureFront: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias InboundOut = NIOAny

    private enum Stage {
        case handshake
        case http1
        case http2
        case closed
    }

    private let loop: RelayLoop
    private var stage = Stage.handshake
    private var channel: (any Channel)?
    private var streams = 0
    private var isQuiescing = false
    /// When it is given up, unless something happens before.
    private(set) var deadline = NIODeadline.distantFuture
    /// The index in the loop's list.
    var place = -1

    init(_ loop: RelayLoop) { self.loop = loop }

    /// Puts TLS and this handler into the pipeline of an accepted connection.
    func secure(_ channel: any Channel) throws {
        guard let security = loop.listenerSecurity else { return channel.close(promise: nil) }
        self.channel = channel
        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: security))
        try channel.pipeline.syncOperations.addHandler(self)
    }

    // MARK: What the loop asks

    /// Sends the client away once its requests are answered.
    func quiesce() {
        guard stage == .http2 else { return cut() }
        guard !isQuiescing else { return }
        isQuiescing = true
        if streams == 0 { wait(for: ClientConnection.lingerTime) }
        channel?.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }

    func timeOut() {
        if isQuiescing || stage != .http2 { cut() } else { quiesce() }
    }

    func cut() {
        deadline = .distantFuture
        channel?.close(mode: .all, promise: nil)
    }

    private func wait(for time: TimeAmount) { deadline = loop.driver.now + time }

    // MARK: Channel

    func channelActive(context: ChannelHandlerContext) {
        guard loop.hasRoom, !loop.isDraining else {
            loop.metrics.connectionsRefused += 1
            stage = .closed
            context.close(promise: nil)
            return
        }
        loop.add(self)
        wait(for: TimeAmount(loop.settings.timeouts.requestHead))
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard stage == .handshake, case .handshakeCompleted(let name) = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        do {
            if name == "h2" { try speakHTTP2(context) } else { try speakHTTP1(context) }
        } catch { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Of HTTP/2 only frames about the connection come here, and other handlers have dealt with them.
        if stage == .http1 { context.fireChannelRead(data) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if stage == .handshake { loop.metrics.handshakesFailed += 1 }
        leave(.closed)
        channel = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if stage == .http1 { return context.fireErrorCaught(error) }
        if stage == .handshake {
            loop.logger.debug("A TLS handshake failed", metadata: ["smmf.failure": "\(error)"])
        }
        if stage == .http2, Self.isAboutOneStream(error) { return }
        context.close(promise: nil)
    }

    /// Whether the stream was reset for it already, and the connection can go on; the codec tells of a stream's trouble
    /// and of the connection's in the same way.
    private static func isAboutOneStream(_ error: any Error) -> Bool {
        switch error {
        case is NIOHTTP2Errors.StreamError, is NIOHTTP2Errors.StreamClosed, is NIOHTTP2Errors.MissingPseudoHeader,
            is NIOHTTP2Errors.DuplicatePseudoHeader, is NIOHTTP2Errors.PseudoHeaderAfterRegularHeader,
            is NIOHTTP2Errors.UnknownPseudoHeader, is NIOHTTP2Errors.UnsupportedPseudoHeader,
            is NIOHTTP2Errors.InvalidPseudoHeaders, is NIOHTTP2Errors.InvalidPseudoHeaderValue,
            is NIOHTTP2Errors.MissingHostHeader, is NIOHTTP2Errors.DuplicateHostHeader,
            is NIOHTTP2Errors.EmptyPathHeader, is NIOHTTP2Errors.InvalidHTTP2HeaderFieldName,
            is NIOHTTP2Errors.InvalidHTTP2HeaderFieldValue, is NIOHTTP2Errors.ForbiddenHeaderField,
            is NIOHTTP2Errors.ContentLengthViolated, is NIOHTTP2Errors.ContentLengthHeadersMismatch,
            is NIOHTTP2Errors.ContentLengthHeaderNegative, is NIOHTTP2Errors.ContentLengthHeaderMalformedValue:
            true
        default: false
        }
    }

    // MARK: Protocols

    private func speakHTTP1(_ context: ChannelHandlerContext) throws {
        leave(.http1)
        channel = nil
        let pipeline = context.pipeline.syncOperations
        try pipeline.addHandler(ChannelLink(ClientConnection(loop)))
        pipeline.removeHandler(self, promise: nil)
    }

    private func speakHTTP2(_ context: ChannelHandlerContext) throws {
        stage = .http2
        loop.metrics.connectionsAccepted += 1
        wait(for: TimeAmount(loop.settings.timeouts.keepAlive))
        let settings = loop.settings.configuration
        let front = NIOLoopBound(self, eventLoop: context.eventLoop)
        let manager = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: context.eventLoop,
            configuration: .init(maxIdleTime: nil, maxAge: nil, maxGraceTime: nil, keepalive: nil)
        )
        let codec = NIOHTTP2Handler(
            mode: .server,
            eventLoop: context.eventLoop,
            connectionConfiguration: Self.connection(settings),
            streamConfiguration: Self.stream(settings),
            streamDelegate: manager.http2StreamDelegate
        ) { channel in
            channel.eventLoop.makeCompletedFuture { try front.value.streamOpened(channel) }
        }
        let pipeline = context.pipeline.syncOperations
        try pipeline.addHandler(codec, position: .before(self))
        try pipeline.addHandler(manager, position: .before(self))
    }

    private static func connection(_ settings: RelayConfiguration) -> NIOHTTP2Handler.ConnectionConfiguration {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: settings.maxStreams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: settings.headLimits.bytes),
            HTTP2Setting(parameter: .initialWindowSize, value: Self.streamWindow),
        ]
        connection.targetWindowSize = Self.streamWindow * 4
        return connection
    }

    private static func stream(_ settings: RelayConfiguration) -> NIOHTTP2Handler.StreamConfiguration {
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = Self.streamWindow
        stream.outboundBufferSizeHighWatermark = settings.writeHighWater
        stream.outboundBufferSizeLowWatermark = settings.writeHighWater / 2
        stream.streamResetFrameRateLimit.maximumCount = settings.maxStreamResets
        return stream
    }

    /// Bytes of a request's body that a client may send ahead.
    private static let streamWindow = 256 * 1024

    // MARK: Streams

    private func streamOpened(_ channel: any Channel) throws {
        streams += 1
        deadline = .distantFuture
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        channel.closeFuture.assumeIsolated().whenComplete { _ in bound.value.streamClosed() }
        try channel.pipeline.syncOperations.addHandler(StreamLink(ClientConnection(loop, isStream: true), loop))
    }

    private func streamClosed() {
        streams -= 1
        guard streams == 0, stage == .http2 else { return }
        wait(for: isQuiescing ? ClientConnection.lingerTime : TimeAmount(loop.settings.timeouts.keepAlive))
    }

    private func leave(_ next: Stage) {
        deadline = .distantFuture
        stage = next
        loop.remove(self)
    }
}
