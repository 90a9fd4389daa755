// SPDX-License-Identifier: MIT

import NIOCore
import NIOHPACK
import NIOHTTP2
import SMMFWire

/// One HTTP/2 stream as the link of a client's connection: its request comes out as the bytes of HTTP/1.1, and the bytes
/// of the answer go in.
///
/// What the owner sends is gathered until `flush`. The stream's window and the connection's decide when it is taken, so
/// `isWritable` holds the instance back as a full socket would.
final class StreamLink: ChannelDuplexHandler, Link {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = Never
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private var owner: (any LinkOwner)?
    private let loop: RelayLoop
    private var context: ChannelHandlerContext?
    private var request: StreamRequest?
    private var answer = StreamAnswer(isToHead: false)
    private var bytes: [UInt8] = []
    private var heads: [HTTP2Frame.FramePayload.Headers] = []
    private var content = ByteBuffer()
    private var isRequestWhole = false
    /// Whether the last frame of the answer was handed on, or a reset in its place.
    private var isEnded = false
    private var isReading = true
    private var wantsRead = false
    private var waitsForDrain = false

    init(_ owner: any LinkOwner, _ loop: RelayLoop) {
        self.owner = owner
        self.loop = loop
    }

    // MARK: Link

    var peerAddress: String? { context?.channel.parent?.remoteAddress?.ipAddress }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func send(_ bytes: Span<UInt8>) {
        guard context != nil, !isEnded else { return }
        var heads: [HPACKHeaders] = []
        do throws(StreamAnswer.Malformed) {
            try answer.read(bytes, heads: &heads) { piece in
                piece.withUnsafeBufferPointer { _ = content.writeBytes($0) }
            }
        } catch { return reset(.internalError) }
        for head in heads { self.heads.append(.init(headers: head)) }
    }

    func flush() {
        guard let context, !isEnded else { return }
        let ends = answer.isComplete
        let isSent = ends ? lastFrameSent(context) : nil
        var isWritten = false
        for index in heads.indices {
            heads[index].endStream = ends && index == heads.count - 1 && content.readableBytes == 0
            let isLast = heads[index].endStream
            context.write(wrapOutboundOut(.headers(heads[index])), promise: isLast ? isSent : nil)
            isWritten = true
        }
        let endsWithHead = heads.last?.endStream ?? false
        heads.removeAll(keepingCapacity: true)
        if content.readableBytes > 0 || ends && !endsWithHead {
            let data = HTTP2Frame.FramePayload.Data(data: .byteBuffer(content), endStream: ends)
            content = ByteBuffer()
            context.write(wrapOutboundOut(.data(data)), promise: isSent)
            isWritten = true
        }
        isEnded = ends
        guard isWritten else { return }
        context.flush()
        if !context.channel.isWritable { waitsForDrain = true }
    }

    func setReading(_ isReading: Bool) {
        self.isReading = isReading
        guard isReading, wantsRead else { return }
        wantsRead = false
        context?.read()
    }

    /// The end of the answer ends the stream by itself; an end before that must not look like one.
    func closeOutput() {
        flush()
        guard !isEnded else { return }
        reset(.internalError)
    }

    func close() {
        if !isEnded { reset(request == nil ? .refusedStream : answer.isComplete ? .cancel : .internalError) }
        guard let context else { return }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.close(promise: nil) }
    }

    // MARK: Ending

    /// When the other side has taken everything, the owner hears of it, and a request that nobody reads any more is
    /// refused the rest of its body.
    private func lastFrameSent(_ context: ChannelHandlerContext) -> EventLoopPromise<Void> {
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenSuccess {
            self.owner?.drained()
            if !self.isRequestWhole { self.sendReset(.noError) }
        }
        return promise
    }

    private func reset(_ code: HTTP2ErrorCode) {
        guard !isEnded else { return }
        isEnded = true
        sendReset(code)
    }

    /// Behind the present call, as a stream that is reset tells its owner so at once.
    private func sendReset(_ code: HTTP2ErrorCode) {
        guard let context else { return }
        let bound = NIOLoopBound((link: self, context: context), eventLoop: context.eventLoop)
        context.eventLoop.execute {
            guard bound.value.link.context != nil else { return }
            bound.value.context.writeAndFlush(bound.value.link.wrapOutboundOut(.rstStream(code)), promise: nil)
        }
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelActive(context: ChannelHandlerContext) { owner?.opened(self) }

    func read(context: ChannelHandlerContext) {
        if isReading { context.read() } else { wantsRead = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRequestWhole else { return }
        switch unwrapInboundIn(data) {
        case .headers(let headers):
            isRequestWhole = headers.endStream
            if request == nil { begin(headers) } else { end() }
        case .data(let data):
            isRequestWhole = data.endStream
            if case .byteBuffer(let buffer) = data.data { pass(buffer) }
            if data.endStream { end() }
        default: break
        }
    }

    private func begin(_ headers: HTTP2Frame.FramePayload.Headers) {
        bytes.removeAll(keepingCapacity: true)
        do throws(StreamRequest.Problem) {
            let request = try StreamRequest(headers.headers, isWhole: headers.endStream, to: &bytes)
            self.request = request
            answer = StreamAnswer(isToHead: request.isHead)
            tell()
        } catch {
            loop.metrics.refused[400, default: 0] += 1
            reset(.protocolError)
        }
    }

    private func pass(_ buffer: ByteBuffer) {
        guard let request, buffer.readableBytes > 0 else { return }
        guard request.isChunked else {
            owner?.received(buffer.readableBytesUInt8Span)
            return
        }
        bytes.removeAll(keepingCapacity: true)
        bytes.append(hexadecimal: buffer.readableBytes)
        bytes.append(literal: "\r\n")
        bytes.append(contentsOf: buffer.readableBytesView)
        bytes.append(literal: "\r\n")
        tell()
    }

    private func end() {
        guard request?.isChunked == true else { return }
        bytes.removeAll(keepingCapacity: true)
        bytes.append(literal: "0\r\n\r\n")
        tell()
    }

    private func tell() {
        let told = bytes
        owner?.received(told.span)
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
        guard let owner else { return }
        self.owner = nil
        // A stream may close within its owner's own call, when the last frame is sent at once.
        let bound = NIOLoopBound(owner, eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.closed() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
